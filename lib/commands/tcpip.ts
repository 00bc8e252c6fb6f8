import { endpoint } from '../codec/endpoint.js';
import { address, anyInt, arranged, enumeration, fields, flag, int, keyword, line, multiple, optional, showSender, text, uint, when, whenOptional } from '../codec/index.js';
import { command, counted, group, many, mapped, maybe, one } from '../command/index.js';

/** Link 0 to 4; stands in commands only with AT+CIPMUX=1. */
export const linkId = int(0, 4);
const link = when(multiple, linkId);
/** Link 0 to 4, or 5 for all of them. */
export const linkIds = int(0, 5);
const port = int(0, 65535);
const host = text({ min: 1, max: 64 });

const row = fields({
  link: linkId,
  type: keyword('TCP', 'UDP', 'SSL', 'TCPv6', 'UDPv6', 'SSLv6'),
  remoteAddress: address,
  remotePort: port,
  localPort: port,
  role: enumeration({ client: 0, server: 1 }),
});

/** Document 000 §4.1; deprecated in document 002. `status` 2 got IP, 3 connected, 4 disconnected, 5 no access point. */
export const status = command({
  name: 'AT+CIPSTATUS',
  form: 'execute',
  response: group({ status: one(line('STATUS:', fields({ status: uint }))), links: many(line('+CIPSTATUS:', row)) }),
  repeatable: true,
  doc: 'Connection status and every link.',
  source: 'document 000 §4.1; document 002 AT+CIPSTATUS',
});

/** Document 002; 2.4 and later. */
export const links = command({
  name: 'AT+CIPSTATE',
  form: 'query',
  response: many(line('+CIPSTATE:', row)),
  repeatable: true,
  doc: 'Every open link.',
  source: 'document 002 AT+CIPSTATE',
});

/** Connecting takes DNS and TCP time-outs of the module; TLS may take 10 s a packet (document 000 §4.3.3). */
const connectTimeout = (type: string): number => (type.startsWith('SSL') ? 60_000 : 30_000);

/** Document 000 §4.3.1 and §4.3.3. `keepAlive` in s, 0 off, to 7200. */
export const connect = command({
  name: 'AT+CIPSTART',
  form: 'set',
  params: fields({
    link,
    type: keyword('TCP', 'SSL', 'TCPv6', 'SSLv6'),
    host,
    port,
    keepAlive: optional(int(0, 7200)),
    localAddress: optional(address),
  }),
  timeout: ({ type }) => connectTimeout(type),
  doc: 'Opens a TCP or TLS connection.',
  source: 'document 000 §4.3.1, §4.3.3; document 002 AT+CIPSTART',
});

const recv = maybe(line('Recv ', fields({ received: uint }), { close: ' bytes' }));
const received = mapped(recv, (found) => found?.received);
const sendTerminals = { success: ['SEND OK'], failure: ['SEND FAIL', 'SEND Canceled', 'ERROR'] };

/**
 * Document 000 §4.5. Takes `data` of exactly `length` bytes, 1 to 8192 (2048 in `v2`). Emits what the module says it received, where it says so.
 * SEND OK means: handed to the module's stack, not that the peer has it.
 */
export const send = command({
  name: 'AT+CIPSEND',
  form: 'set',
  params: fields({ link, length: int(1, 8192), host: optional(host), port: optional(port) }),
  response: received,
  phase: 'prompt',
  length: 'length',
  terminals: sendTerminals,
  timeout: 30_000,
  doc: 'Sends data of a given length.',
  source: 'document 000 §4.5; document 002 AT+CIPSEND',
});

/** Document 002. Bulk to 2^31-1 bytes; the module sends while it receives. Emits its progress lines, in bytes. */
export const sendLong = command({
  name: 'AT+CIPSENDL',
  form: 'set',
  params: fields({ link, length: int(1, 0x7fffffff), host: optional(host), port: optional(port) }),
  response: many(line('+CIPSENDL:', fields({ sent: uint, received: uint }))),
  result: 'stream',
  phase: 'prompt-stream',
  length: 'length',
  terminals: { success: ['SEND OK'], failure: ['SEND FAIL', 'SEND CANCELLED', 'ERROR'] },
  timeout: 30_000,
  doc: 'Sends long data in parallel with receiving it from the line.',
  source: 'document 002 AT+CIPSENDL',
});

/** Document 000 §4.5, execute form: passthrough. Needs AT+CIPMODE=1. */
export const passthrough = command({
  name: 'AT+CIPSEND',
  form: 'execute',
  phase: 'passthrough',
  doc: 'Enters passthrough: everything after the prompt is data.',
  source: 'document 000 §4.5; document 002 AT+CIPSEND',
});

/** Document 000 §4.5, §8.8; document 002. Three bytes alone: 20 ms of silence before and after, 1 s before the next command. */
export const escape = command({
  name: '+++',
  form: 'escape',
  repeatable: true,
  doc: 'Leaves passthrough, BLE SPP and BT SPP; ends AT+CIPSENDL.',
  source: 'document 000 §4.5; document 002 +++',
});

/** Document 000 §4.7. `link` 5 closes every one. */
export const close = command({
  name: 'AT+CIPCLOSE',
  form: 'set',
  params: fields({ link: linkIds }),
  timeout: 10_000,
  doc: 'Closes a link.',
  source: 'document 000 §4.7; document 002 AT+CIPCLOSE',
});

/** Document 000 §4.7, with AT+CIPMUX=0. */
export const closeSingle = command({
  name: 'AT+CIPCLOSE',
  form: 'execute',
  timeout: 10_000,
  doc: 'Closes the only link.',
  source: 'document 000 §4.7; document 002 AT+CIPCLOSE',
});

/** Document 000 §4.8. Keys are those of the wire: `APIP`, `APMAC`, `STAIP`, `STAMAC`, `ETHIP` …; only interfaces that are on. */
export const addresses = command({
  name: 'AT+CIFSR',
  form: 'execute',
  response: many(line('+CIFSR:', fields({ key: { ...text(), pattern: '\\w+', opaque: false }, value: text() }))),
  repeatable: true,
  doc: 'IP and MAC addresses of every interface.',
  source: 'document 000 §4.8; document 002 AT+CIFSR',
});

/** Document 000 §4.9. Only without links; 0 only without a server. */
export const multipleConnections = command({
  name: 'AT+CIPMUX',
  form: 'set',
  params: fields({ enable: flag }),
  repeatable: true,
  effect: ({ enable }) => ({ cipmux: enable }),
  doc: 'Switches multiple connections.',
  source: 'document 000 §4.9; document 002 AT+CIPMUX',
});

/** Document 000 §4.9. */
export const multipleConnectionsQuery = command({
  name: 'AT+CIPMUX',
  form: 'query',
  response: one(line('+CIPMUX:', fields({ enable: flag }))),
  repeatable: true,
  doc: 'Whether there are multiple connections.',
  source: 'document 000 §4.9; document 002 AT+CIPMUX',
});

/** Document 000 §4.10. `port` 333 unless given. */
export const serverStop = command({
  name: 'AT+CIPSERVER',
  form: 'set',
  params: fields({ enable: flag, port: optional(port), type: optional(keyword('TCP', 'SSL', 'TCPv6', 'SSLv6')), verifyClient: optional(flag) }),
  timeout: 5000,
  doc: 'Opens or closes the server.',
  source: 'document 000 §4.10; document 002 AT+CIPSERVER',
});

/** Document 000 §4.12. */
export const transferMode = command({
  name: 'AT+CIPMODE',
  form: 'set',
  params: fields({ passthrough: flag }),
  repeatable: true,
  effect: (params) => ({ cipmode: params.passthrough }),
  doc: 'Normal or passthrough transfer.',
  source: 'document 000 §4.12; document 002 AT+CIPMODE',
});

/** Document 000 §4.12. */
export const transferModeQuery = command({
  name: 'AT+CIPMODE',
  form: 'query',
  response: one(line('+CIPMODE:', fields({ passthrough: flag }))),
  repeatable: true,
  doc: 'Normal or passthrough transfer.',
  source: 'document 000 §4.12; document 002 AT+CIPMODE',
});

/** Document 000 §4.18. */
export const showSenders = command({
  name: 'AT+CIPDINFO',
  form: 'set',
  params: fields({ enable: flag }),
  repeatable: true,
  effect: ({ enable }) => ({ cipdinfo: enable }),
  doc: 'Whether +IPD and +CIPRECVDATA carry the sender.',
  source: 'document 000 §4.18; document 002 AT+CIPDINFO',
});

/** Document 002; the 2.0 firmware answers it too. */
export const showSendersQuery = command({
  name: 'AT+CIPDINFO',
  form: 'query',
  response: one(line('+CIPDINFO:', fields({ enable: flag }))),
  repeatable: true,
  doc: 'Whether +IPD and +CIPRECVDATA carry the sender.',
  source: 'document 002 AT+CIPDINFO',
});

/** Document 000 §4.23. For every link; upstream replaced it by AT+CIPRECVTYPE (3.3), newer cores still take it. */
export const receiveMode = command({
  name: 'AT+CIPRECVMODE',
  form: 'set',
  params: fields({ passive: flag }),
  repeatable: true,
  effect: ({ passive }) => ({ passive }),
  doc: 'Active or passive receive, for every link.',
  source: 'document 000 §4.23',
});

/** Document 000 §4.23. */
export const receiveModeQuery = command({
  name: 'AT+CIPRECVMODE',
  form: 'query',
  response: one(line('+CIPRECVMODE:', fields({ passive: flag }))),
  repeatable: true,
  doc: 'Active or passive receive.',
  source: 'document 000 §4.23',
});

/** Document 002; 3.3 and later. `link` 5 for every one. */
export const receiveType = command({
  name: 'AT+CIPRECVTYPE',
  form: 'set',
  params: fields({ link: when(multiple, linkIds), passive: flag }),
  repeatable: true,
  effect: ({ passive }) => ({ passive }),
  doc: 'Active or passive receive, link by link.',
  source: 'document 002 AT+CIPRECVTYPE',
});

/** Document 002. */
export const receiveTypeQuery = command({
  name: 'AT+CIPRECVTYPE',
  form: 'query',
  response: many(line('+CIPRECVTYPE:', fields({ link: linkId, passive: flag }))),
  repeatable: true,
  doc: 'Active or passive receive of each link.',
  source: 'document 002 AT+CIPRECVTYPE',
});

/**
 * Document 000 §4.24; document 002. Passive receive only. Emits at most `length` bytes, with their sender while AT+CIPDINFO=1;
 * nothing buffered is ERROR.
 */
export const receive = command({
  name: 'AT+CIPRECVDATA',
  form: 'set',
  params: fields({ link, length: int(1, 0x7fffffff) }),
  response: counted(
    arranged(
      line('+CIPRECVDATA:', fields({ length: uint, address: when(showSender, address), port: when(showSender, port) }), { counted: 'length', proof: true }),
      ({ length, address: from, port: fromPort }) => ({ length, ...endpoint(from, fromPort) }),
    ),
  ),
  phase: 'counted',
  timeout: 5000,
  doc: 'Takes buffered data of a link out of the module.',
  source: 'document 000 §4.24; document 002 AT+CIPRECVDATA',
});

const length = optional(anyInt);
const lengths = arranged(line('+CIPRECVLEN:', fields({ 0: length, 1: length, 2: length, 3: length, 4: length })), (found) => ({
  lengths: Object.values(found).filter((count): count is number => typeof count === 'number'),
}));

/** Document 000 §4.25. Bytes buffered, one number a link; -1 (2.x) or 0 for a closed one. TLS lengths are upper bounds. */
export const receiveLengths = command({
  name: 'AT+CIPRECVLEN',
  form: 'query',
  response: mapped(one(lengths), (found) => found.lengths),
  repeatable: true,
  doc: 'Bytes buffered for each link.',
  source: 'document 000 §4.25; document 002 AT+CIPRECVLEN',
});

/** Document 000 §4.28; 2.1 and later. `linger` in s (-1 off), `sendTimeout` in ms (0 none), `keepAlive` in s (document 002). */
export const socketOptions = command({
  name: 'AT+CIPTCPOPT',
  form: 'set',
  params: fields({
    link: when(multiple, linkIds),
    linger: optional(int(-1, 0x7fffffff)),
    noDelay: optional(flag),
    sendTimeout: optional(int(0, 0x7fffffff)),
    keepAlive: optional(int(0, 7200)),
  }),
  repeatable: true,
  doc: 'Socket options of a link.',
  source: 'document 000 §4.28; document 002 AT+CIPTCPOPT',
});

/** Document 000 §4.2. Name to address; without network it takes 6 s (2.0) to 21 s (4.1). */
export const resolve = command({
  name: 'AT+CIPDOMAIN',
  form: 'set',
  params: fields({ host: text({ min: 1, max: 253 }), network: optional(enumeration({ any: 1, ipv4: 2, ipv6: 3 })) }),
  response: one(line('+CIPDOMAIN:', fields({ address }))),
  repeatable: true,
  timeout: 30_000,
  doc: 'Resolves a host name.',
  source: 'document 000 §4.2; document 002 AT+CIPDOMAIN',
});

const pingTimeout = arranged(line('+PING:TIMEOUT', fields({})), () => ({ reason: 'timeout' }));

/** Document 000 §4.26. Emits the round trip in ms; none is an error `command`/`rejected` with `details.reason`. */
export const ping = command({
  name: 'AT+PING',
  form: 'set',
  params: fields({ host }),
  response: mapped(one(line('+PING:', fields({ time: uint }))), ({ time }) => time),
  reasons: [pingTimeout],
  repeatable: true,
  timeout: 10_000,
  doc: 'Pings a host.',
  source: 'document 000 §4.26; document 002 AT+PING',
});

/** Kept for lines of every link: whichever fields stand in a link's line. */
export const linkField = whenOptional(multiple, linkId);
