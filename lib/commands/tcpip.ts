/** TCP/IP: document 000 chapter 4; document 002. */
export * from './tcpip/connection.js';
export * from './tcpip/sending.js';
export * from './tcpip/passthrough.js';
export * from './tcpip/server.js';
export * from './tcpip/receiving.js';
export * from './tcpip/tls.js';
export * from './tcpip/names.js';
export * from './tcpip/time.js';
export * from './tcpip/update.js';
