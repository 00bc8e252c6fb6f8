import { int, multiple, text, when } from '../../codec/index.js';

/** Link 0 to 4. */
export const linkId = int(0, 4);
/** Link 0 to 4, or 5 for all of them. */
export const linkIds = int(0, 5);
/** A link in commands: only with AT+CIPMUX=1. */
export const link = when(multiple, linkId);
/** A link or all of them in commands: only with AT+CIPMUX=1. */
export const links = when(multiple, linkIds);

/** A port of TCP or UDP; 0 lets the module choose, where that is allowed. */
export const port = int(0, 65535);
/** Host name or address; the limit stands in document 002 only and holds before it too. */
export const host = text({ min: 1, max: 64 });
