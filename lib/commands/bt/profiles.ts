import { anyInt, bareText, enumeration, fields, flag, int, line, mac, optional, text } from '../../codec/index.js';
import { action, command, many, mapped, one, query, raw, setting, type Response } from '../../command/index.js';
import { connection } from './btFields.js';

const esp32Only = true;

/** A query of connections: `-1` and a line without fields both mean none. */
const connections = (word: string): Response<readonly { readonly connection: number; readonly address: string }[]> =>
  mapped(many(line(word, fields({ connection: optional(anyInt), address: optional(mac) }))), (rows) =>
    rows.flatMap(({ connection: at, address }) => (at === undefined || address === undefined ? [] : [{ connection: at, address }])),
  );

/** Document 000 §8.5. */
export const sppInit = setting('AT+BTSPPINIT', fields({ role: enumeration({ off: 0, master: 1, slave: 2 }) }), {
  esp32Only,
  timeout: 10_000,
  doc: 'Starts SPP as master or slave.',
  source: 'document 000 §8.5',
});

/** Document 000 §8.5. The wire tells only whether it is on. */
export const sppInitQuery = query('AT+BTSPPINIT', one(line('+BTSPPINIT:', fields({ mode: enumeration({ off: 0, on: 1, slave: 2 }) }))), { esp32Only, doc: 'Whether SPP is on.', source: 'document 000 §8.5' });

/** Document 000 §8.6. The outcome is the event +BTSPPCONN, before or after OK. */
export const sppConnect = command({
  name: 'AT+BTSPPCONN',
  form: 'set',
  params: fields({
    connection,
    security: enumeration({ none: 0, authorise: 1, authenticate: 18, encrypt: 36, 'mode 4 level 4': 64, mitm: 12288, 'pin of 16 digits': 16384 }),
    address: mac,
  }),
  // Its OK may wait for people at the other end, who have 30 s.
  timeout: 45_000,
  esp32Only,
  events: ['+BTSPPCONN'],
  doc: 'Connects by SPP.',
  source: 'document 000 §8.6',
});

/** Document 000 §8.6. */
export const sppConnections = query('AT+BTSPPCONN', connections('+BTSPPCONN:'), { esp32Only, doc: 'Open SPP connections.', source: 'document 000 §8.6' });

/** Document 000 §8.7. */
export const sppDisconnect = action('AT+BTSPPDISCONN', fields({ connection }), { esp32Only, timeout: 10_000, events: ['+BTSPPDISCONN'], doc: 'Ends an SPP connection.', source: 'document 000 §8.7' });

/** Document 000 §8.8. Takes `data` of `length` bytes behind a bare `>`. */
export const sppSend = command({
  name: 'AT+BTSPPSEND',
  form: 'set',
  params: fields({ connection, length: int(1, 0x7fff) }),
  phase: 'prompt',
  length: 'length',
  // A connection is given up after 20 s without its other end.
  timeout: 30_000,
  esp32Only,
  doc: 'Sends data by SPP.',
  source: 'document 000 §8.8',
});

/** Document 000 §8.8, execute form: passthrough over SPP until `+++`. */
export const sppPassthrough = command({
  name: 'AT+BTSPPSEND',
  form: 'execute',
  phase: 'passthrough',
  response: raw,
  result: 'stream',
  esp32Only,
  events: ['+QUITT', '+BTDATA'],
  doc: 'Enters SPP passthrough.',
  source: 'document 000 §8.8',
});

/** Document 000 §8.9. Waits for a master as slave. */
export const sppStart = command({ name: 'AT+BTSPPSTART', form: 'execute', esp32Only, doc: 'Starts the SPP profile.', source: 'document 000 §8.9' });

/** Document 000 §8.10. */
export const a2dpInit = setting('AT+BTA2DPINIT', fields({ role: enumeration({ source: 0, sink: 1 }), enable: flag }), {
  esp32Only,
  timeout: 10_000,
  doc: 'Starts or stops A2DP.',
  source: 'document 000 §8.10',
});

/** Document 000 §8.10. */
export const a2dpInitQuery = query('AT+BTA2DPINIT', one(line('+BTA2DPINIT:', fields({ enable: flag }))), { esp32Only, doc: 'Whether A2DP is on.', source: 'document 000 §8.10' });

/** Document 000 §8.11; its example has two fields too many. The outcome is the event +BTA2DPCONN. */
export const a2dpConnect = action('AT+BTA2DPCONN', fields({ connection, address: mac }), {
  esp32Only,
  timeout: 30_000,
  events: ['+BTA2DPCONN'],
  doc: 'Connects by A2DP.',
  source: 'document 000 §8.11',
});

/** Document 000 §8.11. */
export const a2dpConnections = query('AT+BTA2DPCONN', connections('+BTA2DPCONN:'), { esp32Only, doc: 'Open A2DP connections.', source: 'document 000 §8.11' });

/** Document 000 §8.12. */
export const a2dpDisconnect = action('AT+BTA2DPDISCONN', fields({ connection }), {
  esp32Only,
  timeout: 10_000,
  events: ['+BTA2DPDISCONN'],
  doc: 'Ends an A2DP connection.',
  source: 'document 000 §8.12',
});

/** Document 000 §8.13; its examples omit the connection. An MP3 by HTTP, HTTPS or from flash. */
export const a2dpSource = setting('AT+BTA2DPSRC', fields({ connection, url: text({ min: 1, max: 200 }) }), { esp32Only, doc: 'Sets what A2DP plays.', source: 'document 000 §8.13' });

/** Document 000 §8.13. Both `NULL` while unset. */
export const a2dpSourceQuery = query('AT+BTA2DPSRC', one(line('+BTA2DPSRC:', fields({ url: bareText, type: bareText }))), { esp32Only, doc: 'What A2DP plays.', source: 'document 000 §8.13' });

/** Document 000 §8.14. A source knows the first three only, its 2 is `suspend`. */
export const a2dpControl = action(
  'AT+BTA2DPCTRL',
  fields({ connection, control: enumeration({ stop: 0, play: 1, forward: 2, backward: 3, 'fast-forward': 4, 'fast-forward-stop': 5 }) }),
  { esp32Only, doc: 'Controls playing.', source: 'document 000 §8.14' },
);
