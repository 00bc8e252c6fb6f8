import { AtError } from '../../lib/transport.js';

/** Kind `transport`, code `lost`: the line is gone while it was open. What was written last may or may not have arrived. */
export const lostLine = (line: string, cause?: unknown): AtError =>
  new AtError({
    kind: 'transport',
    code: 'lost',
    message: `${line} is gone${cause instanceof Error ? `: ${cause.message}` : ''}`,
    retry: 'unknown',
    cause,
    details: { line },
  });

/** Kind `transport`, code `write`: the operating system refused bytes; how many of them left is not known. */
export const failedWrite = (line: string, cause?: unknown): AtError =>
  new AtError({
    kind: 'transport',
    code: 'write',
    message: `${line} did not take the bytes${cause instanceof Error ? `: ${cause.message}` : ''}`,
    retry: 'unknown',
    cause,
    details: { line },
  });

/** Kind `usage`, code `overlap`: the caller did two things at once that go one at a time. Nothing was done. */
export const overlapping = (what: string): AtError =>
  new AtError({ kind: 'usage', code: 'overlap', message: `${what} is still going on: one at a time`, retry: 'safe', details: { what } });
