export { toReadableStream } from './toReadableStream.js';
export { toWritableStream } from './toWritableStream.js';
export { toAsyncIterable } from '../toAsyncIterable.js';
export { fromAsyncIterable } from '../fromAsyncIterable.js';
