import { bareText, bareHex, constant, enumeration, fields, hexText, int, line, mac, optional, text, flag, anyInt } from '../../codec/index.js';
import { command, mapped, one, query, setting } from '../../command/index.js';

const esp32Only = true;
const roles = enumeration({ off: 0, client: 1, server: 2 });

/** Document 000 §5.1. Before anything else; the role stays until a restart (`v2`). Excludes BLE HID and BluFi. */
export const init = setting('AT+BLEINIT', fields({ role: roles }), { esp32Only, timeout: 10_000, doc: 'Starts BLE as client or server.', source: 'document 000 §5.1' });

/** Document 000 §5.1. */
export const initQuery = query('AT+BLEINIT', one(line('+BLEINIT:', fields({ role: roles }))), { esp32Only, doc: 'Role of BLE.', source: 'document 000 §5.1' });

/** Document 000 §5.2. `random` with an address (its two highest bits set) is static, without one private. */
export const address = setting('AT+BLEADDR', fields({ type: enumeration({ public: 0, random: 1 }), address: optional(mac) }), {
  esp32Only,
  doc: 'Sets the kind of BLE address.',
  source: 'document 000 §5.2',
});

/** Document 000 §5.2. Quoted since 2.1. */
export const addressQuery = query('AT+BLEADDR', mapped(one(line('+BLEADDR:', fields({ address: mac }))), (found) => found.address), {
  esp32Only,
  doc: 'The public BLE address.',
  source: 'document 000 §5.2',
});

/** Document 000 §5.3. At most 32 bytes. */
export const name = setting('AT+BLENAME', fields({ name: text({ min: 1, max: 32 }) }), { esp32Only, doc: 'Sets the BLE name.', source: 'document 000 §5.3' });

/** Document 000 §5.3. Without quotes on the wire. */
export const nameQuery = query('AT+BLENAME', mapped(one(line('+BLENAME:', fields({ name: bareText }))), (found) => found.name), {
  esp32Only,
  doc: 'The BLE name.',
  source: 'document 000 §5.3',
});

const scanning = {
  type: enumeration({ passive: 0, active: 1 }),
  ownAddress: enumeration({ public: 0, random: 1, 'rpa-public': 2, 'rpa-random': 3 }),
  filter: enumeration({ all: 0, 'white-list': 1, 'directed-rpa': 2, 'white-list and directed-rpa': 3 }),
  interval: int(4, 16384),
  window: int(4, 16384),
};

/** Document 000 §5.4. `interval` and `window` in units of 0.625 ms; the window must not be the longer one. */
export const scanParameters = setting('AT+BLESCANPARAM', fields(scanning), { esp32Only, doc: 'Sets how BLE scans.', source: 'document 000 §5.4' });

/** Document 000 §5.4. */
export const scanParametersQuery = query('AT+BLESCANPARAM', one(line('+BLESCANPARAM:', fields(scanning))), { esp32Only, doc: 'How BLE scans.', source: 'document 000 §5.4' });

const scanSource = { esp32Only, timeout: 10_000, source: 'document 000 §5.5', events: ['+BLESCAN', '+BLESCANDONE'] } as const;

/**
 * Document 000 §5.5. For `seconds`, 0 without end. `value` of the filter: an address, a name, since 2.2 a UUID or an RSSI. Adverts are events (+BLESCAN),
 * before or after OK.
 */
export const scan = setting(
  'AT+BLESCAN',
  fields({ enable: constant('1'), seconds: optional(int(0, 0x7fffffff)), filter: optional(enumeration({ mac: 1, name: 2, uuid: 3, rssi: 4 })), value: optional(text({ max: 64 })) }),
  { ...scanSource, doc: 'Starts scanning.' },
);

/** Document 000 §5.5. */
export const scanStop = setting('AT+BLESCAN', fields({ enable: constant('0') }), { ...scanSource, kind: 'stop', doc: 'Stops scanning.' });

/** Document 000 §5.6. At most 31 bytes as hex digits. */
export const scanResponse = setting('AT+BLESCANRSPDATA', fields({ data: hexText({ max: 31 }) }), { esp32Only, doc: 'Sets the scan response.', source: 'document 000 §5.6' });

const advertising = {
  minInterval: int(32, 16384),
  maxInterval: int(32, 16384),
  type: enumeration({ connectable: 0, scannable: 2, 'non-connectable': 3 }),
  ownAddress: enumeration({ public: 0, random: 1 }),
  channels: enumeration({ 37: 1, 38: 2, 39: 4, all: 7 }),
};
const filters = enumeration({ 'any scan, any connect': 0, 'listed scan, any connect': 1, 'any scan, listed connect': 2, 'listed scan, listed connect': 3 });
const peers = enumeration({ public: 0, random: 1 });

/** Document 000 §5.7. Intervals in units of 0.625 ms. */
export const advertisingParameters = setting('AT+BLEADVPARAM', fields({ ...advertising, filter: optional(filters), peerType: optional(peers), peer: optional(mac) }), {
  esp32Only,
  doc: 'Sets how BLE advertises.',
  source: 'document 000 §5.7',
});

/** Document 000 §5.7. */
export const advertisingParametersQuery = query('AT+BLEADVPARAM', one(line('+BLEADVPARAM:', fields({ ...advertising, filter: optional(filters), peerType: optional(peers), peer: optional(mac) }))), {
  esp32Only,
  doc: 'How BLE advertises.',
  source: 'document 000 §5.7',
});

/** Document 000 §5.8. At most 31 bytes as hex digits; replaces AT+BLEADVDATAEX. */
export const advertisingData = setting('AT+BLEADVDATA', fields({ data: hexText({ max: 31 }) }), { esp32Only, doc: 'Sets the advertising data.', source: 'document 000 §5.8' });

/** In no document; since 2.1. */
export const advertisingDataQuery = query('AT+BLEADVDATA', mapped(one(line('+BLEADVDATA:', fields({ data: bareHex }))), ({ data }) => data), {
  esp32Only,
  doc: 'The advertising data.',
  source: 'FORMATS at_bleCmd',
});

/** Document 000 §5.9, which prints another command's name: the set form is AT+BLEADVDATAEX. Sets name, UUID and manufacturer data, and starts advertising. */
export const advertise = setting(
  'AT+BLEADVDATAEX',
  fields({ name: text({ max: 29 }), uuid: hexText({ max: 16 }), manufacturer: hexText({ max: 29 }), includePower: flag }),
  { esp32Only, doc: 'Composes the advertising data and advertises.', source: 'document 000 §5.9' },
);

/** Document 000 §5.9. */
export const advertiseQuery = query(
  'AT+BLEADVDATAEX',
  one(line('+BLEADVDATAEX:', fields({ name: text(), uuid: bareHex, manufacturer: bareHex, includePower: anyInt }))),
  { esp32Only, doc: 'The composed advertising data.', source: 'document 000 §5.9' },
);

/** Document 000 §5.10. With what AT+BLEADVPARAM and AT+BLEADVDATA set, or the defaults. */
export const advertisingStart = command({ name: 'AT+BLEADVSTART', form: 'execute', repeatable: true, esp32Only, doc: 'Starts advertising.', source: 'document 000 §5.10' });

/** Document 000 §5.11. A connection stops it too. */
export const advertisingStop = command({ name: 'AT+BLEADVSTOP', form: 'execute', repeatable: true, esp32Only, doc: 'Stops advertising.', source: 'document 000 §5.11' });
