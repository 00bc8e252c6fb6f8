/** The module itself: document 000 chapter 2. */
export * from './basic/system.js';
export * from './basic/uart.js';
export * from './basic/storage.js';
