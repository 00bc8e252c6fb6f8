/** Everything that a module says by itself: PROTOCOL section 2. */
export * from './moduleEvents.js';
export * from './wifiEvents.js';
export * from './linkEvents.js';
export * from './mqttEvents.js';
export * from './bleEvents.js';
export * from './btEvents.js';
