import { fields, int, line, optional, uint } from '../../codec/index.js';
import { command, many, mapped, maybe, one, query, setting } from '../../command/index.js';
import { host, link, port } from './linkFields.js';

const recv = maybe(line('Recv ', fields({ received: uint }), { close: ' bytes' }));
const received = mapped(recv, (found) => found?.received);
const sendTerminals = { success: ['SEND OK'], failure: ['SEND FAIL', 'SEND Canceled', 'ERROR'] };
const destination = { host: optional(host), port: optional(port) };

/**
 * Document 000 §4.5. Takes `data` of exactly `length` bytes, 1 to 8192 (2048 in `v2`). Emits what the module says it received, where it says so.
 * `host` and `port` for UDP of mode `any`. SEND OK means: handed to the module's stack, not that the peer has it.
 */
export const send = command({
  name: 'AT+CIPSEND',
  form: 'set',
  params: fields({ link, length: int(1, 8192), ...destination }),
  response: received,
  phase: 'prompt',
  length: 'length',
  terminals: sendTerminals,
  timeout: 30_000,
  doc: 'Sends data of a given length.',
  source: 'document 000 §4.5; document 002 AT+CIPSEND',
});

/**
 * Document 000 §4.6. As AT+CIPSEND, but the module undoes escapes in the data: backslash and `x` is `x`, backslash and `0` ends it before `length`.
 * `data` is `length` bytes as they stand on the line; an end inside them leaves the rest to be read as a command.
 */
export const sendText = command({
  name: 'AT+CIPSENDEX',
  form: 'set',
  params: fields({ link, length: int(1, 8192), ...destination }),
  response: received,
  phase: 'prompt',
  length: 'length',
  endsWith: '\\0',
  terminals: sendTerminals,
  timeout: 30_000,
  doc: 'Sends data with escapes, to a length or to \\0.',
  source: 'document 000 §4.6; document 002 AT+CIPSENDEX',
});

/** Document 002. Bulk to 2^31-1 bytes; the module sends while it receives. Emits its progress lines, in bytes. */
export const sendLong = command({
  name: 'AT+CIPSENDL',
  form: 'set',
  params: fields({ link, length: int(1, 0x7fffffff), ...destination }),
  response: many(line('+CIPSENDL:', fields({ sent: uint, received: uint }))),
  result: 'stream',
  phase: 'prompt-stream',
  length: 'length',
  terminals: { success: ['SEND OK'], failure: ['SEND FAIL', 'SEND CANCELLED', 'ERROR'] },
  timeout: 30_000,
  doc: 'Sends long data in parallel with receiving it from the line.',
  source: 'document 002 AT+CIPSENDL',
});

/** Document 002. `report`: bytes between two progress lines, 100 to 2^20; `transmit`: bytes handed to the stack at once, 100 to 2920. */
export const sendLongSettings = setting('AT+CIPSENDLCFG', fields({ report: int(100, 1048576), transmit: optional(int(100, 2920)) }), {
  doc: 'Sets the steps of AT+CIPSENDL.',
  source: 'document 002 AT+CIPSENDLCFG',
});

/** Document 002. Bytes. */
export const sendLongSettingsQuery = query('AT+CIPSENDLCFG', one(line('+CIPSENDLCFG:', fields({ report: uint, transmit: uint }))), {
  doc: 'The steps of AT+CIPSENDL.',
  source: 'document 002 AT+CIPSENDLCFG',
});
