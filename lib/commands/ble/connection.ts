import { anyInt, constant, enumeration, fields, int, line, mac, optional } from '../../codec/index.js';
import { action, command, many, mapped, one, query, raw, setting } from '../../command/index.js';
import { connection, index } from './bleFields.js';

const esp32Only = true;

/**
 * Document 000 §5.12. `timeout` 3 to 30 s. The outcome is the event +BLECONN, after OK (up to 2.1) or before it: OK alone says that the command was taken.
 * `connection` is 0 in `v2`.
 */
export const connect = command({
  name: 'AT+BLECONN',
  form: 'set',
  params: fields({ connection, address: mac, type: optional(enumeration({ public: 0, random: 1, 'rpa-public': 2, 'rpa-random': 3 })), timeout: optional(int(3, 30)) }),
  timeout: ({ timeout }) => (timeout ?? 30) * 1000 + 5000,
  esp32Only,
  events: ['+BLECONN', '+BLECONNPARAM'],
  doc: 'Connects to a BLE server.',
  source: 'document 000 §5.12',
});

/** Document 000 §5.12. Without a connection the wire has OK alone or a line without fields. */
export const connectionsQuery = query(
  'AT+BLECONN',
  mapped(many(line('+BLECONN:', fields({ connection: optional(anyInt), address: optional(mac) }))), (rows) =>
    rows.flatMap(({ connection: at, address }) => (at === undefined || address === undefined ? [] : [{ connection: at, address }])),
  ),
  { esp32Only, doc: 'Open BLE connections.', source: 'document 000 §5.12' },
);

/** Document 000 §5.13. Client only (`v2`). +BLEDISCONN follows or precedes OK. */
export const disconnect = action('AT+BLEDISCONN', fields({ connection }), { esp32Only, timeout: 10_000, events: ['+BLEDISCONN'], doc: 'Ends a BLE connection.', source: 'document 000 §5.13' });

/** Document 000 §5.14. 27 to 251 bytes. */
export const packetLength = setting('AT+BLEDATALEN', fields({ connection, length: int(27, 251) }), { esp32Only, doc: 'Sets the length of data packets.', source: 'document 000 §5.14' });

/** Document 000 §5.15. Client only. OK says that it is asked for; the outcome is +BLECFGMTU or the query's. */
export const mtu = action('AT+BLECFGMTU', fields({ connection, mtu: int(23, 517) }), { esp32Only, timeout: 10_000, events: ['+BLECFGMTU'], doc: 'Asks for an MTU.', source: 'document 000 §5.15' });

/** Document 000 §5.15. Bytes, a line a connection. */
export const mtuQuery = query('AT+BLECFGMTU', many(line('+BLECFGMTU:', fields({ connection: anyInt, mtu: anyInt }))), {
  esp32Only,
  doc: 'The MTU of every connection.',
  source: 'document 000 §5.15',
});

/**
 * In neither document; every ESP32 release has it. Intervals in units of 1.25 ms, `timeout` of 10 ms. OK says that it is asked for; the outcome is +BLECONNPARAM or
 * the query's. Up to 2.4 of clients only.
 */
export const connectionParameters = action(
  'AT+BLECONNPARAM',
  fields({ connection, minInterval: int(6, 3200), maxInterval: int(6, 3200), latency: int(0, 499), timeout: int(10, 3200) }),
  { esp32Only, timeout: 10_000, events: ['+BLECONNPARAM'], doc: 'Asks for other parameters of a connection.', source: 'FORMATS at_queryCmdBleConnParam' },
);

/** In neither document. A line a connection, in the units of the set form. */
export const connectionParametersQuery = query(
  'AT+BLECONNPARAM',
  many(line('+BLECONNPARAM:', fields({ connection: anyInt, minInterval: anyInt, maxInterval: anyInt, interval: anyInt, latency: anyInt, timeout: anyInt }))),
  { esp32Only, doc: 'The parameters of every connection.', source: 'FORMATS at_queryCmdBleConnParam' },
);

/** Document 000 §5.28, which prints another command's name. Service and characteristic that SPP writes to and listens to. */
export const sppSettings = setting('AT+BLESPPCFG', fields({ enable: constant('1'), txService: index, txCharacteristic: index, rxService: index, rxCharacteristic: index }), {
  esp32Only,
  doc: 'Sets the characteristics of BLE SPP.',
  source: 'document 000 §5.28',
});

/** Document 000 §5.28. */
export const sppReset = setting('AT+BLESPPCFG', fields({ enable: constant('0') }), { esp32Only, kind: 'reset', doc: 'Resets the characteristics of BLE SPP.', source: 'document 000 §5.28' });

/** Document 000 §5.28. */
export const sppSettingsQuery = query(
  'AT+BLESPPCFG',
  one(line('+BLESPPCFG:', fields({ txService: anyInt, txCharacteristic: anyInt, rxService: anyInt, rxCharacteristic: anyInt }))),
  { esp32Only, doc: 'The characteristics of BLE SPP.', source: 'document 000 §5.28' },
);

/** Document 000 §5.29. Passthrough over a BLE connection until `+++`; ERROR where AT+BLESPPCFG does not fit. */
export const spp = command({ name: 'AT+BLESPP', form: 'execute', phase: 'passthrough', response: raw, result: 'stream', esp32Only, events: ['+QUITT'], doc: 'Enters BLE passthrough.', source: 'document 000 §5.29' });
