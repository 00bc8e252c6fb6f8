/** Classic Bluetooth: document 000 chapter 8. */
export * from './bt/device.js';
export * from './bt/profiles.js';
