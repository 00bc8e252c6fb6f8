import { anyInt, bareText, enumeration, fields, flag, line, optional, text } from '../../codec/index.js';
import { command, many, oneOf, query } from '../../command/index.js';

/** How far an update is; `done` is written, the boot partition set. */
export const updateSteps = enumeration({ server: 1, connected: 2, version: 3, done: 4, failed: -1 });

const updating = {
  response: many(line('+CIPUPDATE:', fields({ step: updateSteps }))),
  result: 'stream',
  // Document 002: an update may take 3 minutes, without a word for most of them.
  timeout: 180_000,
  events: ['+CIPUPDATE', 'ready'],
  source: 'document 000 §4.17; document 002 AT+CIUPDATE',
} as const;

/** Document 000 §4.17. Emits each step; the module restarts after it. ERROR at any step. */
export const update = command({ name: 'AT+CIUPDATE', form: 'execute', restarts: true, ...updating, doc: 'Updates the firmware over the network.' });

/**
 * Document 000 §4.17. `tls` instead of plain; `firmware` and `nonblocking` in document 002: then OK comes before, between or after the steps,
 * which arrive as events, and the restart is the user's.
 */
export const updateTo = command({
  name: 'AT+CIUPDATE',
  form: 'set',
  params: fields({ tls: flag, version: optional(text({ max: 32 })), firmware: optional(text({ max: 32 })), nonblocking: optional(flag) }),
  ...updating,
  doc: 'Updates the firmware to a version.',
});

/** Document 002, which prints the prefix of the progress lines; the wire has the command's own. 0 while none runs. */
export const updateState = query(
  'AT+CIUPDATE',
  oneOf(line('+CIUPDATE:', fields({ state: anyInt })), line('+CIPUPDATE:', fields({ state: anyInt }))),
  { doc: 'State of the update.', source: 'document 002 AT+CIUPDATE' },
);

/** Document 002; 3.0 and later. Emits the versions the server has, a line each. */
export const updateVersions = query('AT+CIPFWVER', many(line('+CIPFWVER:', fields({ version: bareText }))), {
  timeout: 30_000,
  doc: 'Versions that the update server has.',
  source: 'document 002 AT+CIPFWVER',
});
