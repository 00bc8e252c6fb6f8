import { anyInt, constant, fields, flag, int, keyword, line, only, optional, uint } from '../../codec/index.js';
import { action, command, one, query, setting } from '../../command/index.js';
import { port } from './linkFields.js';

const serving = { timeout: 5000, source: 'document 000 §4.10; document 002 AT+CIPSERVER' } as const;
const types = keyword('TCP', 'SSL', 'TCPv6', 'SSLv6');

/** Document 000 §4.10. Needs AT+CIPMUX=1; one server only. `port` 333 and `type` TCP unless given; `verifyClient` for TLS. Clients show as CONNECT. */
export const serverStart = setting('AT+CIPSERVER', fields({ enable: constant('1'), port: optional(port), type: optional(types), verifyClient: optional(flag) }), {
  ...serving,
  kind: 'start',
  effect: () => ({ server: true }),
  events: ['CONNECT', '+LINK_CONN', 'CLOSED'],
  doc: 'Opens the server.',
});

/** Document 000 §4.10. Links stay unless `closeClients`, which document 002 has. ERROR while AT+CIPMUX=0. */
export const serverStop = action('AT+CIPSERVER', fields({ enable: only(false), closeClients: optional(flag) }), { ...serving, kind: 'stop', effect: () => ({ server: false }), doc: 'Closes the server.' });

/** Document 002; 2.0 answers it already. The last fields only while it is open; `interface` from 4.1. */
export const serverQuery = query(
  'AT+CIPSERVER',
  one(line('+CIPSERVER:', fields({ enable: flag, port: optional(uint), type: optional(types), verifyClient: optional(flag), interface: optional(anyInt) }))),
  { doc: 'Whether the server is open.', source: 'document 002 AT+CIPSERVER' },
);

/** Document 000 §4.11. Before the server is opened; 1 to 5. Refused while more are connected: `details.connections`. */
export const serverLimit = command({
  name: 'AT+CIPSERVERMAXCONN',
  form: 'set',
  params: fields({ count: int(1, 5) }),
  reasons: [line('Have ', fields({ connections: uint }), { close: ' Connections' })],
  repeatable: true,
  events: ['Have Connections'],
  doc: 'Most clients the server takes.',
  source: 'document 000 §4.11; document 002 AT+CIPSERVERMAXCONN',
});

/** Document 000 §4.11. */
export const serverLimitQuery = query('AT+CIPSERVERMAXCONN', one(line('+CIPSERVERMAXCONN:', fields({ count: uint }))), {
  doc: 'Most clients the server takes.',
  source: 'document 000 §4.11; document 002 AT+CIPSERVERMAXCONN',
});

/** Document 000 §4.14. Idle time in s after which a client is dropped, 0 (never) to 7200. */
export const serverTimeout = setting('AT+CIPSTO', fields({ seconds: int(0, 7200) }), {
  doc: 'Idle time after which a client is dropped.',
  source: 'document 000 §4.14; document 002 AT+CIPSTO',
});

/** Document 000 §4.14. Emits s. */
export const serverTimeoutQuery = query('AT+CIPSTO', one(line('+CIPSTO:', fields({ seconds: uint }))), {
  doc: 'Idle time after which a client is dropped.',
  source: 'document 000 §4.14; document 002 AT+CIPSTO',
});
