/** Wi-Fi: document 000 chapter 3. */
export * from './wifi/station.js';
export * from './wifi/scan.js';
export * from './wifi/softAp.js';
export * from './wifi/addresses.js';
export * from './wifi/provisioning.js';
