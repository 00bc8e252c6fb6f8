import type { HostHandler } from '../hostSocket.js';
import { source, type SourceOptions } from './source.js';
import { utf8Bytes } from './utf8Bytes.js';

/** How lines are sent: their end, and the pace. */
export interface LineSourceOptions extends SourceOptions {
  /** What ends a line. Default CR LF. */
  readonly eol?: string;
}

/**
 * Sends lines: a list, or a function from the line's number (from 0) to the line, undefined at the end. With `interval` one line each so
 * many milliseconds; no line is skipped when the module holds the host back.
 */
export const lineSource = (lines: readonly string[] | ((index: number) => string | undefined), { eol = '\r\n', ...options }: LineSourceOptions = {}): HostHandler => {
  const at = typeof lines === 'function' ? lines : (index: number) => lines[index];
  return source(function* () {
    let index = 0;
    for (let line = at(0); line !== undefined; line = at(index)) {
      yield utf8Bytes(line + eol);
      index += 1;
    }
  }, options);
};
