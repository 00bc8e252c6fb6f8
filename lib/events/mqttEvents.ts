import { anyInt, arranged, fields, flag, line, text, uint } from '../codec/index.js';
import { event } from '../command/index.js';
import { schemes } from '../commands/mqtt.js';

/** Before the OK of AT+MQTTCONN, and after every reconnection by itself. The port is quoted, the path empty where none is configured. */
export const mqttConnected = event({
  line: arranged(line('+MQTTCONNECTED:', fields({ link: uint, scheme: schemes, host: text(), port: text(), path: text(), reconnect: flag })), (found) => ({
    ...found,
    port: Number(found.port),
  })),
  doc: 'The broker is connected.',
  source: 'document 000 §9.6',
});
/** The broker is gone. Document 000 §9.6. */
export const mqttDisconnected = event({ line: line('+MQTTDISCONNECTED:', fields({ link: uint })), doc: 'The broker is gone.', source: 'document 000 §9.6' });
/**
 * A message, with its payload. More than about 1 KiB comes in several of these without any mark; in later ones 2.4 and 3.3 print a wrong topic:
 * only link and length can be trusted.
 */
export const mqttMessage = event({
  line: line('+MQTTSUBRECV:', fields({ link: uint, topic: text(), length: uint }), { counted: 'length' }),
  doc: 'A message has come.',
  source: 'document 000 §9.9',
});

/** Not in the documents; 3.2 and later. */
export const webSocketConnected = event({ line: line('+WS_CONNECTED:', fields({ link: anyInt })), doc: 'A WebSocket is open.', source: 'FORMATS at_websocket_cmd' });
/** A WebSocket has lost its peer. FORMATS at_websocket_cmd. */
export const webSocketDisconnected = event({ line: line('+WS_DISCONNECTED:', fields({ link: anyInt })), doc: 'A WebSocket has lost its peer.', source: 'FORMATS at_websocket_cmd' });
/** A WebSocket is closed. FORMATS at_websocket_cmd. */
export const webSocketClosed = event({ line: line('+WS_CLOSED:', fields({ link: anyInt })), doc: 'A WebSocket is closed.', source: 'FORMATS at_websocket_cmd' });
/** Data has come on a WebSocket. FORMATS at_websocket_cmd. */
export const webSocketData = event({
  line: line('+WS_DATA:', fields({ link: uint, length: uint }), { counted: 'length' }),
  doc: 'Data has come on a WebSocket.',
  source: 'FORMATS at_websocket_cmd',
});
