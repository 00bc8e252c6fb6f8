import { address, enumeration, fields, flag, int, keyword, line, optional, text, uint } from '../../codec/index.js';
import { action, command, group, many, one, query, setting } from '../../command/index.js';
import { host, link, linkId, linkIds, port } from './linkFields.js';

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

/** Document 002; 2.4 and later. Emits every open link, in CIPMUX=0 the only one as 0. */
export const links = query('AT+CIPSTATE', many(line('+CIPSTATE:', row)), { doc: 'Every open link.', source: 'document 002 AT+CIPSTATE' });

/** Connecting takes DNS and TCP time-outs of the module; TLS may take 10 s a packet (document 000 §4.3.3). */
const connectTimeout = (type: string): number => (type.startsWith('SSL') ? 60_000 : 30_000);
const opened = ['CONNECT', 'CLOSED', '+LINK_CONN'] as const;

const stream = {
  type: keyword('TCP', 'SSL', 'TCPv6', 'SSLv6'),
  host,
  port,
  keepAlive: optional(int(0, 7200)),
  localAddress: optional(address),
};
const datagrams = {
  type: keyword('UDP', 'UDPv6'),
  host,
  port,
  localPort: optional(port),
  mode: optional(enumeration({ fixed: 0, once: 1, any: 2 })),
  localAddress: optional(address),
};

/**
 * Document 000 §4.3.1 and §4.3.3. `keepAlive` in s, 0 off, to 7200. CONNECT comes before OK. The document's `ALREADY CONNECTTED` is on the log port:
 * a link that is open, refused or unknown is a bare ERROR.
 */
export const connect = command({
  name: 'AT+CIPSTART',
  form: 'set',
  params: fields({ link, ...stream }),
  timeout: ({ type }) => connectTimeout(type),
  events: opened,
  doc: 'Opens a TCP or TLS connection.',
  source: 'document 000 §4.3.1, §4.3.3; document 002 AT+CIPSTART',
});

/** Document 000 §4.3.2. `mode`: the peer is fixed, changes once to whoever sends first, or is whoever sent last. */
export const connectUdp = command({
  name: 'AT+CIPSTART',
  form: 'set',
  kind: 'udp',
  params: fields({ link, ...datagrams }),
  timeout: connectTimeout('UDP'),
  events: opened,
  doc: 'Opens a UDP transmission.',
  source: 'document 000 §4.3.2; document 002 AT+CIPSTART',
});

/** Document 000 §4.4. The module chooses the link: its number comes in CONNECT or +LINK_CONN before OK. AT+CIPMUX=1 only. */
export const connectAny = command({
  name: 'AT+CIPSTARTEX',
  form: 'set',
  params: fields(stream),
  timeout: ({ type }) => connectTimeout(type),
  events: opened,
  doc: 'Opens a TCP or TLS connection on a free link.',
  source: 'document 000 §4.4; document 002 AT+CIPSTARTEX',
});

/** Document 000 §4.4, UDP. */
export const connectAnyUdp = command({
  name: 'AT+CIPSTARTEX',
  form: 'set',
  kind: 'udp',
  params: fields(datagrams),
  timeout: connectTimeout('UDP'),
  events: opened,
  doc: 'Opens a UDP transmission on a free link.',
  source: 'document 000 §4.4; document 002 AT+CIPSTARTEX',
});

const closing = { timeout: 10_000, source: 'document 000 §4.7; document 002 AT+CIPCLOSE', events: ['CLOSED'] } as const;

/** Document 000 §4.7, with AT+CIPMUX=1. `link` 5 closes every one. CLOSED comes before OK. */
export const close = action('AT+CIPCLOSE', fields({ link: linkIds }), { ...closing, doc: 'Closes a link.' });

/** Document 000 §4.7, with AT+CIPMUX=0. */
export const closeSingle = command({ name: 'AT+CIPCLOSE', form: 'execute', ...closing, doc: 'Closes the only link.' });

/** Document 000 §4.8. Keys are those of the wire: `APIP`, `APMAC`, `STAIP`, `STAMAC`, `ETHIP` …; only interfaces that are on. */
export const addresses = command({
  name: 'AT+CIFSR',
  form: 'execute',
  response: many(line('+CIFSR:', fields({ key: { ...text(), pattern: '\\w+', opaque: false }, value: text() }))),
  repeatable: true,
  doc: 'IP and MAC addresses of every interface.',
  source: 'document 000 §4.8; document 002 AT+CIFSR',
});

/** Document 000 §4.9. Only without links; 0 only without a server, 1 only in normal transfer. */
export const multipleConnections = setting('AT+CIPMUX', fields({ enable: flag }), {
  effect: ({ enable }) => ({ cipmux: enable }),
  doc: 'Switches multiple connections.',
  source: 'document 000 §4.9; document 002 AT+CIPMUX',
});

/** Document 000 §4.9. */
export const multipleConnectionsQuery = query('AT+CIPMUX', one(line('+CIPMUX:', fields({ enable: flag }))), {
  doc: 'Whether there are multiple connections.',
  source: 'document 000 §4.9; document 002 AT+CIPMUX',
});
