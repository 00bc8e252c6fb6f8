import { arranged, fields, line, optional, text, uint } from '../../codec/index.js';
import { mapped, oneOf, variant } from '../../command/index.js';
import * as tcpip from '../../commands/tcpip.js';

/** Kept as text: the rest of `+105` is `05`. */
const digits = { ...text(), pattern: '\\d+', opaque: false };

// `+12`: every digit is a prefix of its own, because a bare `+` would claim events.
const times = Array.from({ length: 10 }, (_, digit) =>
  arranged(line(`+${String(digit)}`, fields({ rest: optional(digits) })), ({ rest = '' }) => ({ time: Number(`${String(digit)}${rest}`) })),
);

/** AT+PING whose answer has no name: `+12`, `+timeout` (PROTOCOL section 3: NONOS and 1.x). */
export const pingNonos = variant(tcpip.ping, { response: mapped(oneOf(line('+PING:', fields({ time: uint })), ...times), ({ time }) => time) });
