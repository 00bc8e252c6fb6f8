import { anyInt, arranged, bareText, enumeration, fields, flag, int, line, mac, optional, plainText, secret, text } from '../../codec/index.js';
import { command, mapped, maybe, one, query, setting } from '../../command/index.js';

const modes = enumeration({ off: 0, station: 1, softAp: 2, both: 3 });

/** Document 000 §3.1. `connect`: whether a station joins its stored access point at once. */
export const mode = setting('AT+CWMODE', fields({ mode: modes, connect: optional(flag) }), {
  timeout: 5000,
  doc: 'Sets station, softAP, both or none.',
  source: 'document 000 §3.1',
});

/** Document 000 §3.1. */
export const modeQuery = query('AT+CWMODE', one(line('+CWMODE:', fields({ mode: modes }))), { doc: 'Station, softAP, both or none.', source: 'document 000 §3.1' });

/** In no document; 1.1 to 2.0.0.0 answer it, later releases give ERROR. Emits the range as text: `1-3`. */
export const modeRange = command({
  name: 'AT+CWMODE',
  form: 'test',
  response: mapped(one(line('+CWMODE:(', fields({ range: { ...bareText, opaque: false } }), { close: ')' })), ({ range }) => range),
  repeatable: true,
  doc: 'The modes there are.',
  source: 'FORMATS at_wifiCmd; recorded on 2.0',
});

/** Why a join was refused (document 000 §3.2). */
export const joinFailure = line('+CWJAP:', fields({ reason: enumeration({ timeout: 1, password: 2, 'not-found': 3, refused: 4 }) }));

const joinTimeout = (seconds: number | undefined): number => (seconds ?? 15) * 1000 + 10_000;
const scanModes = enumeration({ fast: 0, all: 1 });
const joinEvents = ['WIFI CONNECTED', 'WIFI GOT IP', 'WIFI DISCONNECT'] as const;

/**
 * Document 000 §3.2. The station must be on. `reconnect` (0/1) up to 2.1; since 2.2 `interval` between attempts in s (0 to 7200, 0 never),
 * `timeout` 3 to 600 s (default 15) and `pmf` (bit 0 capable, bit 1 required). Emits nothing; WIFI CONNECTED and WIFI GOT IP come before OK.
 * A refusal is an error `command`/`rejected` whose `details.reason` names it.
 */
export const join = command({
  name: 'AT+CWJAP',
  form: 'set',
  params: fields({
    ssid: text({ max: 32 }),
    password: secret(text({ max: 64 })),
    bssid: optional(mac),
    pci: optional(flag),
    reconnect: optional(flag),
    interval: optional(int(0, 7200)),
    listenInterval: optional(int(1, 100)),
    scanMode: optional(scanModes),
    timeout: optional(int(3, 600)),
    pmf: optional(int(0, 3)),
  }),
  reasons: [joinFailure],
  timeout: ({ timeout }) => joinTimeout(timeout),
  events: joinEvents,
  doc: 'Joins an access point.',
  source: 'document 000 §3.2',
});

const joined = fields({
  ssid: text(),
  bssid: mac,
  channel: int(0, 255),
  rssi: anyInt,
  pci: optional(anyInt),
  interval: optional(anyInt),
  listenInterval: optional(anyInt),
  scanMode: optional(scanModes),
  pmf: optional(anyInt),
});

/**
 * Document 000 §3.2. `undefined` while not joined. `rssi` in dBm; four fields in 1.x, then `pci` to `listenInterval`, `scanMode` from 2.1, `pmf` from 2.2.
 * `interval` in s; up to 2.1 it is 1 for reconnecting, 0 for not. The newest releases have an authentication mode in place of `pci` (PROTOCOL section 3).
 */
export const joinQuery = query(
  'AT+CWJAP',
  maybe(
    arranged(line('+CWJAP:', joined), ({ pci, ...rest }) => ({
      ...rest,
      // Beyond 0 and 1 the field can only be the mode.
      ...(pci !== undefined && pci > 1 ? { authMode: pci } : { pci: pci === undefined ? undefined : pci === 1 }),
    })),
  ),
  { doc: 'The access point that is joined.', source: 'document 000 §3.2' },
);

/** Joins the stored access point again. The execute form came with 2.2. */
export const rejoin = command({
  name: 'AT+CWJAP',
  form: 'execute',
  reasons: [joinFailure],
  timeout: joinTimeout(undefined),
  events: joinEvents,
  doc: 'Joins the access point of the last AT+CWJAP.',
  source: 'FORMATS at_wifiCmd; recorded on 4.1',
});

/** Document 000 §3.5. OK also while not joined; WIFI DISCONNECT comes before or after it. */
export const leave = command({
  name: 'AT+CWQAP',
  form: 'execute',
  repeatable: true,
  timeout: 5000,
  events: ['WIFI DISCONNECT'],
  doc: 'Leaves the access point.',
  source: 'document 000 §3.5',
});

/** Not in the documents; since 2.2. `interval` between attempts in s (0 never), `count` of them (0 without end). */
export const reconnecting = setting('AT+CWRECONNCFG', fields({ interval: int(0, 7200), count: int(0, 1000) }), {
  doc: 'How a lost access point is joined again.',
  source: 'FORMATS at_wifiCmd; PROTOCOL section 7',
});

/** Not in the documents; since 2.2. */
export const reconnectingQuery = query('AT+CWRECONNCFG', one(line('+CWRECONNCFG:', fields({ interval: anyInt, count: anyInt }))), {
  doc: 'How a lost access point is joined again.',
  source: 'FORMATS at_wifiCmd; PROTOCOL section 7',
});

/** Document 000 §3.11. Always stored. */
export const autoConnect = setting('AT+CWAUTOCONN', fields({ enable: flag }), {
  doc: 'Whether the stored access point is joined after a start.',
  source: 'document 000 §3.11',
});

/** Not in document 000; 2.0 answers it already. */
export const autoConnectQuery = query('AT+CWAUTOCONN', one(line('+CWAUTOCONN:', fields({ enable: flag }))), {
  doc: 'Whether the stored access point is joined after a start.',
  source: 'PROTOCOL section 10; recorded on 2.0',
});

/** 2.2 and later; not in the documents. `state` idle, connected (without address), got-ip, connecting or disconnected. */
export const stationState = query(
  'AT+CWSTATE',
  one(line('+CWSTATE:', fields({ state: enumeration({ idle: 0, connected: 1, 'got-ip': 2, connecting: 3, disconnected: 4 }), ssid: text() }))),
  { doc: 'State of the station and the SSID it is about.', source: 'FORMATS at_wifiCmd; recorded on 4.1' },
);

/** Document 000 §3.21. Not stored; ERROR while the station is off. */
export const hostname = setting('AT+CWHOSTNAME', fields({ hostname: text({ min: 1, max: 32 }) }), {
  doc: 'Sets the host name of the station.',
  source: 'document 000 §3.21',
});

/** Document 000 §3.21. The name stands without quotes and unescaped. */
export const hostnameQuery = query('AT+CWHOSTNAME', one(line('+CWHOSTNAME:', fields({ hostname: plainText }))), {
  doc: 'The host name of the station.',
  source: 'document 000 §3.21',
});

const policies = enumeration({ 'follow-access-point': 0, fixed: 1 });

/** Document 000 §3.22 (its blank in the command is an error). `country` up to 3 characters; channels `start` and how many. Not stored. */
export const country = setting(
  'AT+CWCOUNTRY',
  fields({ policy: policies, country: text({ min: 1, max: 3 }), start: int(1, 14), count: int(1, 14) }),
  { doc: 'Sets the country whose channels are used.', source: 'document 000 §3.22' },
);

/** Document 000 §3.22. */
export const countryQuery = query(
  'AT+CWCOUNTRY',
  one(line('+CWCOUNTRY:', fields({ policy: policies, country: text(), start: anyInt, count: anyInt }))),
  { doc: 'The country whose channels are used.', source: 'document 000 §3.22' },
);
