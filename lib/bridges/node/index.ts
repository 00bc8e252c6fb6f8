export { toNodeDuplex, type NodeDuplexConfig } from './toNodeDuplex.js';
export { openNodeDuplex } from './openNodeDuplex.js';
export { httpAgent, type HttpAgentConfig } from './httpAgent.js';
export { streamBuilder } from './streamBuilder.js';
export { toAsyncIterable } from '../toAsyncIterable.js';
export { fromAsyncIterable } from '../fromAsyncIterable.js';
