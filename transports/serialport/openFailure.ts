import { AtError, isAtError, type Retry } from '../../lib/transport.js';

/** Why a port did not open. `busy` also stands for what Windows calls access denied: there it means another program. */
export type OpenFailureReason = 'not-found' | 'busy' | 'denied' | 'other';

// The bindings of serialport 13 give no error codes, only the text of the operating system.
const texts: readonly (readonly [OpenFailureReason, RegExp])[] = [
  ['not-found', /no such file|no such device|file not found|does not exist|ENOENT|ENXIO|ENODEV/i],
  ['busy', /cannot lock|is locked|resource busy|temporarily unavailable|access denied|EBUSY|EAGAIN/i],
  ['denied', /permission denied|not permitted|EACCES|EPERM/i],
];

const hints: Readonly<Record<OpenFailureReason, string>> = {
  'not-found': 'there is no such port; is the adapter plugged in?',
  busy: 'another program has it open',
  denied: 'no permission; on Linux the user must be in the group that owns it, mostly `dialout` or `uucp`',
  other: 'the operating system refused',
};

const retries: Readonly<Record<OpenFailureReason, Retry>> = { 'not-found': 'safe', busy: 'safe', denied: 'never', other: 'never' };

/** Kind `transport`, code `open`, details `{ path, reason }`. */
export const openFailure = (path: string, cause: unknown): AtError => {
  if (isAtError(cause)) return cause;
  const text = cause instanceof Error ? cause.message : String(cause);
  const reason = texts.find(([, pattern]) => pattern.test(text))?.[0] ?? 'other';
  return new AtError({
    kind: 'transport',
    code: 'open',
    message: `cannot open ${path}: ${hints[reason]} (${text})`,
    retry: retries[reason],
    cause,
    details: { path, reason },
  });
};
