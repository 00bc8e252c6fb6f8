export { toNodeDuplex } from './toNodeDuplex.js';
export { toAsyncIterable } from '../toAsyncIterable.js';
export { fromAsyncIterable } from '../fromAsyncIterable.js';
