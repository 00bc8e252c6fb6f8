import { latin1 } from '../codec/latin1.js';
import type { Shape } from '../codec/field.js';
import type { Dialect } from '../dialects/dialect.js';
import { readEvent } from './readEvent.js';

/** Some builds of 4.2 print their log on the AT port, anywhere between two lines (PROTOCOL section 10). */
const logged = /^<[IWE]> \(\d+\) /;

/** True for a line that may stand between a payload and the OK that proves it. */
export const isInterim = (dialect: Dialect, bytes: Uint8Array, shape: Shape): boolean => {
  const text = latin1(bytes);
  return text === 'busy p...' || text.startsWith('ERR CODE:') || logged.test(text) || readEvent(dialect, text, shape) !== undefined;
};
