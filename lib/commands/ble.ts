/** Bluetooth Low Energy: document 000 chapter 5. */
export * from './ble/device.js';
export * from './ble/connection.js';
export * from './ble/gatt.js';
export * from './ble/security.js';
export * from './ble/profiles.js';
