import { anyInt, fields, flag, hexInt, line, optional, uint, uuid } from '../../codec/index.js';
import { chunks, command, group, many, query, setting } from '../../command/index.js';
import { connection, index, valueLength } from './bleFields.js';

const esp32Only = true;

/** Document 000 §5.16. The services of the flashed table; before any connection. */
export const serverCreate = command({ name: 'AT+BLEGATTSSRVCRE', form: 'execute', timeout: 10_000, esp32Only, doc: 'Creates the services of the server.', source: 'document 000 §5.16' });

/** Document 000 §5.17. */
export const serverStart = command({ name: 'AT+BLEGATTSSRVSTART', form: 'execute', timeout: 10_000, esp32Only, doc: 'Starts every service.', source: 'document 000 §5.17' });

/** Document 000 §5.17, one service. */
export const serverStartOne = setting('AT+BLEGATTSSRVSTART', fields({ service: index }), { timeout: 10_000, esp32Only, doc: 'Starts a service.', source: 'document 000 §5.17' });

/** Document 000 §5.18. */
export const serverServices = query('AT+BLEGATTSSRV', many(line('+BLEGATTSSRV:', fields({ service: anyInt, started: flag, uuid, primary: flag }))), {
  esp32Only,
  doc: 'Services of the server.',
  source: 'document 000 §5.18',
});

/** Document 000 §5.19. Its example lacks the properties and the descriptor's UUID, which the wire has. `properties` are the bits of the ATT protocol. */
export const serverCharacteristics = query(
  'AT+BLEGATTSCHAR',
  group({
    characteristics: many(line('+BLEGATTSCHAR:"char",', fields({ service: anyInt, characteristic: anyInt, uuid, properties: optional(hexInt) }))),
    descriptors: many(line('+BLEGATTSCHAR:"desc",', fields({ service: anyInt, characteristic: anyInt, descriptor: anyInt, uuid: optional(uuid) }))),
  }),
  { esp32Only, doc: 'Characteristics and descriptors of the server.', source: 'document 000 §5.19' },
);

const sending = { form: 'set', phase: 'prompt', length: 'length', timeout: 10_000, esp32Only } as const;
const told = fields({ connection, service: index, characteristic: index, length: valueLength });

/** Document 000 §5.20. Takes `data` of `length` bytes behind a bare `>`. The client must have asked for notifications. */
export const notify = command({ name: 'AT+BLEGATTSNTFY', params: told, ...sending, doc: 'Notifies a client of a value.', source: 'document 000 §5.20' });

/** Document 000 §5.21. Takes `data` of `length` bytes behind a bare `>`; OK after the client has confirmed. */
export const indicate = command({ name: 'AT+BLEGATTSIND', params: told, ...sending, doc: 'Indicates a value to a client.', source: 'document 000 §5.21' });

/** Document 000 §5.22. Takes `data` of `length` bytes behind a bare `>`. With `descriptor` its value, else the characteristic's. */
export const setAttribute = command({
  name: 'AT+BLEGATTSSETATTR',
  params: fields({ service: index, characteristic: index, descriptor: optional(index), length: valueLength }),
  ...sending,
  doc: 'Sets a value of the server.',
  source: 'document 000 §5.22',
});

const discovery = { form: 'set', repeatable: true, timeout: 20_000, esp32Only } as const;

/** Document 000 §5.23. Its blank behind the `+` and its label are errors. */
export const services = command({
  name: 'AT+BLEGATTCPRIMSRV',
  params: fields({ connection }),
  response: many(line('+BLEGATTCPRIMSRV:', fields({ connection: anyInt, service: anyInt, uuid, primary: flag }))),
  ...discovery,
  doc: 'Services of a peer.',
  source: 'document 000 §5.23',
});

/** Document 000 §5.24. */
export const includedServices = command({
  name: 'AT+BLEGATTCINCLSRV',
  params: fields({ connection, service: index }),
  response: many(line('+BLEGATTCINCLSRV:', fields({ connection: anyInt, service: anyInt, uuid, primary: flag, includedUuid: uuid, includedPrimary: optional(flag) }))),
  ...discovery,
  doc: 'Services that a service of a peer includes.',
  source: 'document 000 §5.24',
});

/** Document 000 §5.25. `properties` are the bits of the ATT protocol. */
export const characteristics = command({
  name: 'AT+BLEGATTCCHAR',
  params: fields({ connection, service: index }),
  response: group({
    characteristics: many(line('+BLEGATTCCHAR:"char",', fields({ connection: anyInt, service: anyInt, characteristic: anyInt, uuid, properties: optional(hexInt) }))),
    descriptors: many(line('+BLEGATTCCHAR:"desc",', fields({ connection: anyInt, service: anyInt, characteristic: anyInt, descriptor: anyInt, uuid: optional(uuid) }))),
  }),
  ...discovery,
  doc: 'Characteristics and descriptors of a peer.',
  source: 'document 000 §5.25',
});

/**
 * Document 000 §5.26, which claims hex digits: the wire has raw bytes. Emits `{ connection, length, payload }`, one or none.
 * ERROR where the value cannot be read.
 */
export const read = command({
  name: 'AT+BLEGATTCRD',
  params: fields({ connection, service: index, characteristic: index, descriptor: optional(index) }),
  response: chunks(line('+BLEGATTCRD:', fields({ connection: uint, length: uint }), { counted: 'length' })),
  phase: 'counted',
  result: 'stream',
  ...discovery,
  doc: 'Reads a value of a peer.',
  source: 'document 000 §5.26',
});

/** Document 000 §5.27. Takes `data` of `length` bytes behind a bare `>`. With `descriptor` its value, else the characteristic's. */
export const write = command({
  name: 'AT+BLEGATTCWR',
  params: fields({ connection, service: index, characteristic: index, descriptor: optional(index), length: valueLength }),
  ...sending,
  doc: 'Writes a value of a peer.',
  source: 'document 000 §5.27',
});
