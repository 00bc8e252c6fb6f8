import { bareText, constant, fields, hexInt, int, line, optional, text, uint } from '../../codec/index.js';
import { action, chunks, command, many, mapped, one, query } from '../../command/index.js';

const partition = text({ min: 1, max: 16 });
const offset = int(0, 0x7fffffff);
const length = int(1, 0x7fffffff);
const flashTimeout = 30_000;

const flash = { esp32Only: true, timeout: flashTimeout, source: 'document 000 §2.12' } as const;

/** Document 000 §2.12. Emits the user partitions; `address` and `size` in bytes (hex on the wire). */
export const partitions = query(
  'AT+SYSFLASH',
  // Opaque names would hide the counted head that shares the prefix.
  many(line('+SYSFLASH:', fields({ partition: { ...text(), opaque: false }, type: hexInt, subtype: hexInt, address: hexInt, size: hexInt }))),
  { esp32Only: true, doc: 'Lists the user partitions in flash.', source: 'document 000 §2.12' },
);

/** Document 000 §2.12. The whole partition, or `length` bytes from `offset`, both multiples of 4096. */
export const eraseFlash = action('AT+SYSFLASH', fields({ operation: constant('0'), partition, offset: optional(offset), length: optional(length) }), {
  kind: 'erase',
  ...flash,
  doc: 'Erases a user partition or a part of it.',
});

/** Document 000 §2.12. Takes `data` of `length` bytes behind a bare `>`; what is there must have been erased. */
export const writeFlash = command({
  name: 'AT+SYSFLASH',
  form: 'set',
  kind: 'write',
  params: fields({ operation: constant('1'), partition, offset, length }),
  phase: 'prompt',
  length: 'length',
  ...flash,
  doc: 'Writes into a user partition.',
});

/** Document 000 §2.12. Emits `{ length, payload }`; more than 16 KiB comes in parts. */
export const readFlash = command({
  name: 'AT+SYSFLASH',
  form: 'set',
  kind: 'read',
  params: fields({ operation: constant('2'), partition, offset, length }),
  response: chunks(line('+SYSFLASH:', fields({ length: uint }), { counted: 'length' })),
  result: 'stream',
  phase: 'counted',
  repeatable: true,
  ...flash,
  doc: 'Reads from a user partition.',
});

const file = text({ min: 1, max: 128 });
const fat = constant('0');
const files = { esp32Only: true, timeout: flashTimeout, source: 'document 000 §2.13' } as const;

/** Document 000 §2.13. ERROR where there is no such file. */
export const deleteFile = action('AT+FS', fields({ filesystem: fat, operation: constant('0'), file }), { kind: 'delete', ...files, doc: 'Deletes a file.' });

/** Document 000 §2.13. Takes `data` of `length` bytes behind a bare `>`. */
export const writeFile = command({
  name: 'AT+FS',
  form: 'set',
  kind: 'write',
  params: fields({ filesystem: fat, operation: constant('1'), file, offset, length }),
  phase: 'prompt',
  length: 'length',
  ...files,
  doc: 'Writes into a file from an offset on.',
});

/** Document 000 §2.13. Emits `{ length, payload }`, shorter than asked for at the end of the file; more than 16 KiB comes in parts. */
export const readFile = command({
  name: 'AT+FS',
  form: 'set',
  kind: 'read',
  params: fields({ filesystem: fat, operation: constant('2'), file, offset, length }),
  response: chunks(line('+FS:', fields({ length: uint }), { counted: 'length' })),
  result: 'stream',
  phase: 'counted',
  repeatable: true,
  ...files,
  doc: 'Reads from a file.',
});

/** Document 000 §2.13. Emits the size in bytes. */
export const fileSize = command({
  name: 'AT+FS',
  form: 'set',
  kind: 'size',
  params: fields({ filesystem: fat, operation: constant('3'), file }),
  response: mapped(one(line('+FS:', fields({ size: uint }))), ({ size }) => size),
  repeatable: true,
  ...files,
  doc: 'Size of a file in bytes.',
});

/** Document 000 §2.13. `directory` is `.`: only the root is supported. Emits the names. */
export const listFiles = command({
  name: 'AT+FS',
  form: 'set',
  kind: 'list',
  params: fields({ filesystem: fat, operation: constant('4'), directory: file }),
  response: mapped(many(line('+FS:', fields({ names: { ...bareText, opaque: false } }))), (rows) => rows.flatMap(({ names }) => names.split(' ').filter((name) => name !== ''))),
  repeatable: true,
  ...files,
  doc: 'Lists the files of the root directory.',
});
