import { AtError, isAtError } from '../../operators/atError.js';

/** For a command that waited when the module restarted. */
export const resetError = (): AtError => new AtError({ kind: 'module', code: 'reset', message: 'the module restarted before the command was written', retry: 'safe' });

/** The same end of the line, for a command that was on it. */
export const interrupted = ({ kind, code, message, cause, details }: AtError): AtError => new AtError({ kind, code, message, cause, details, retry: 'unknown' });

/** What the end of `incoming` means. */
export const lost = (cause?: unknown): AtError =>
  isAtError(cause) ? cause : new AtError({ kind: 'transport', code: 'lost', message: 'the line was closed', retry: 'safe', cause });

/** The exchange was stopped by its owner. */
export const closed = (): AtError => new AtError({ kind: 'module', code: 'closed', message: 'the module is closed' });

/** For a write into a raw stream that is being left. */
export const streamOver = (): AtError => new AtError({ kind: 'send', code: 'closed', message: 'the raw stream is over', retry: 'never' });
