import { constant, enumeration, fields, flag, hexInt, int, line, optional, text, uint } from '../../codec/index.js';
import { command, free, many, one, query, setting } from '../../command/index.js';

/** Nothing but OK: proves that the module listens. Document 000 §2.1. */
export const probe = command({ name: 'AT', form: 'execute', repeatable: true, timeout: 1000, doc: 'Tests whether the module answers.', source: 'document 000 §2.1' });

/** Document 000 §2.2. The module answers OK and boots; every link and setting that is not stored is gone. */
export const restart = command({ name: 'AT+RST', form: 'execute', restarts: true, events: ['ready'], doc: 'Restarts the module.', source: 'document 000 §2.2' });

/** Document 000 §2.3. Emits the lines as they stand: their form changed from release to release. */
export const version = command({ name: 'AT+GMR', form: 'execute', response: free, repeatable: true, doc: 'Version of firmware, SDK and build.', source: 'document 000 §2.3' });

/** Not in the documents; since 2.2. Emits a command a line, with the forms this very build has. */
export const commandList = query(
  'AT+CMD',
  many(line('+CMD:', fields({ index: uint, name: { ...text(), opaque: false }, test: flag, query: flag, set: flag, execute: flag }))),
  { doc: 'Lists the commands of this build and their forms.', source: 'FORMATS at_baseCmd; recorded on 4.1', timeout: 10_000 },
);

/** Document 000 §2.5. The document writes ATE; the wire has ATE0 and ATE1. */
export const echo = command({
  name: 'ATE',
  form: 'execute',
  params: fields({ enable: flag }),
  repeatable: true,
  effect: ({ enable }) => ({ echo: enable }),
  doc: 'Switches the echo of commands.',
  source: 'document 000 §2.5',
});

/** Document 000 §2.6. Settings and the stored access point are gone, the module restarts. */
export const restore = command({ name: 'AT+RESTORE', form: 'execute', restarts: true, events: ['ready'], doc: 'Restores the factory settings and restarts.', source: 'document 000 §2.6' });

/** Document 000 §2.10. One value in `v2`, two since 2.2. Bytes. */
export const memory = query('AT+SYSRAM', one(line('+SYSRAM:', fields({ free: uint, minimum: optional(uint) }))), {
  doc: 'Free heap in bytes, and its lowest value so far.',
  source: 'document 000 §2.10',
});

/** Document 000 §2.11. Bits: 0 +QUITT, 1 +LINK_CONN instead of CONNECT, 2 (since 2.2) Wi-Fi messages in passthrough. */
export const systemMessages = setting('AT+SYSMSG', fields({ mask: int(0, 7) }), {
  effect: ({ mask }) => ({ sysmsg: mask }),
  doc: 'Which system messages are printed, bit by bit.',
  source: 'document 000 §2.11',
});

/** Document 000 §2.11. Emits the bits. */
export const systemMessagesQuery = query('AT+SYSMSG', one(line('+SYSMSG:', fields({ mask: uint }))), {
  doc: 'Which system messages are printed.',
  source: 'document 000 §2.11',
});

/** Document 000 §2.15. Boots the firmware of the other OTA partition; ERROR where there is none. */
export const rollback = command({ name: 'AT+SYSROLLBACK', form: 'execute', restarts: true, events: ['ready'], doc: 'Boots the firmware before the last update.', source: 'document 000 §2.15' });

/** Not in the documents; since 4.1 (3.5 answers too). Addresses and versions of the running and the other firmware. */
export const rollbackQuery = query(
  'AT+SYSROLLBACK',
  one(line('+SYSROLLBACK:', fields({ address: hexInt, version: text(), otherAddress: hexInt, otherVersion: text() }))),
  { doc: 'The running firmware and the one a rollback would boot.', source: 'FORMATS at_baseCmd' },
);

/** Document 000 §2.16. `seconds` since 1970; SNTP overwrites it. */
export const clock = setting('AT+SYSTIMESTAMP', fields({ seconds: uint }), { doc: 'Sets the clock.', source: 'document 000 §2.16' });

/** Document 000 §2.16. Emits seconds since 1970. */
export const clockQuery = query('AT+SYSTIMESTAMP', one(line('+SYSTIMESTAMP:', fields({ seconds: uint }))), { doc: 'Reads the clock.', source: 'document 000 §2.16' });

/** Document 000 §2.17. With it nearly every ERROR is preceded by its ERR CODE. */
export const errorCodes = setting('AT+SYSLOG', fields({ enable: flag }), {
  effect: ({ enable }) => ({ syslog: enable }),
  doc: 'Switches the ERR CODE lines.',
  source: 'document 000 §2.17',
});

/** Document 000 §2.17. */
export const errorCodesQuery = query('AT+SYSLOG', one(line('+SYSLOG:', fields({ enable: flag }))), {
  doc: 'Whether ERR CODE lines are printed.',
  source: 'document 000 §2.17',
});

/** Document 000 §2.20. Absent from 2.0. Set commands after it are kept in flash, or not; on after every boot. */
export const store = setting('AT+SYSSTORE', fields({ enable: flag }), { doc: 'Whether settings are kept in flash.', source: 'document 000 §2.20' });

/** Document 000 §2.20. */
export const storeQuery = query('AT+SYSSTORE', one(line('+SYSSTORE:', fields({ enable: flag }))), {
  doc: 'Whether settings are kept in flash.',
  source: 'document 000 §2.20',
});

/** Document 000 §2.9. Wi-Fi sleep; `listen-interval` is that of AT+CWJAP. */
const sleeps = enumeration({ off: 0, 'modem-dtim': 1, light: 2, 'modem-listen-interval': 3 });

/** Document 000 §2.9. Light sleep stops the UART until a wake-up source of AT+SLEEPWKCFG acts. */
export const sleep = setting('AT+SLEEP', fields({ mode: sleeps }), { doc: 'Sets the sleep mode.', source: 'document 000 §2.9' });

/** Not in the documents; 2.0 answers it already. */
export const sleepQuery = query('AT+SLEEP', one(line('+SLEEP:', fields({ mode: sleeps }))), { doc: 'The sleep mode.', source: 'PROTOCOL section 10; recorded on 2.0' });

/** Document 000 §2.4. `time` in ms. Only OK comes (the document shows the time before it), then nothing until the module boots. */
export const deepSleep = command({
  name: 'AT+GSLP',
  form: 'set',
  params: fields({ time: int(1, 0x7fffffff) }),
  // Old firmware and the document's example echo the time on a line of its own.
  response: { lines: [], free: true, collect: () => undefined, shape: 'none' },
  restarts: true,
  restartsIn: ({ time }) => time,
  events: ['ready'],
  doc: 'Sleeps deeply for a time in ms, then boots.',
  source: 'document 000 §2.4',
});

/** Document 000 §2.18. `time` before waking up, in ms. */
export const wakeByTimer = setting('AT+SLEEPWKCFG', fields({ source: constant('0'), time: int(0, 0x7fffffff) }), {
  kind: 'timer',
  doc: 'Wakes up from light sleep after a time in ms.',
  source: 'document 000 §2.18',
});

/** Document 000 §2.18. `uart` is the port's number; ESP32 only. */
export const wakeByUart = setting('AT+SLEEPWKCFG', fields({ source: constant('1'), uart: int(0, 2) }), {
  kind: 'uart',
  esp32Only: true,
  doc: 'Wakes up from light sleep by a UART.',
  source: 'document 000 §2.18',
});

/** Document 000 §2.18. `level` high or low. */
export const wakeByGpio = setting('AT+SLEEPWKCFG', fields({ source: constant('2'), gpio: int(0, 48), level: enumeration({ low: 0, high: 1 }) }), {
  kind: 'gpio',
  doc: 'Wakes up from light sleep by a GPIO level.',
  source: 'document 000 §2.18',
});

const blePower = int(0, 7);

/** Document 000 §2.14. `wifi` in steps of 0.25 dBm, 40 to 82; the BLE ones 0 (7 dBm) to 7 (-14 dBm) in steps of 3 dB. */
export const radioPower = setting(
  'AT+RFPOWER',
  fields({ wifi: int(40, 82), bleAdvertising: optional(blePower), bleScan: optional(blePower), bleConnection: optional(blePower) }),
  { doc: 'Sets the radio power.', source: 'document 000 §2.14' },
);

/** Document 000 §2.14. Never above what was set; builds without BLE print `wifi` alone. */
export const radioPowerQuery = query(
  'AT+RFPOWER',
  one(line('+RFPOWER:', fields({ wifi: uint, bleAdvertising: optional(uint), bleScan: optional(uint), bleConnection: optional(uint) }))),
  { doc: 'The radio power.', source: 'document 000 §2.14' },
);
