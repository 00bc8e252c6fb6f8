export { echo } from './echo.js';
export { echoDatagrams } from './echoDatagrams.js';
export { lineSource, type LineSourceOptions } from './lineSource.js';
export { type Pace } from './pour.js';
export { sendAll } from './sendAll.js';
export { sink, type SinkOptions } from './sink.js';
export { source, type SourceOptions } from './source.js';
