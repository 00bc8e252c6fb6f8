import { Observable, type OperatorFunction } from 'rxjs';
import { AtError } from './atError.js';
import { createByteParts } from './byteParts.js';
import { checkNumber } from './checkNumber.js';
import { runInner } from './runInner.js';

const LF = 0x0a;
const CR = 0x0d;

/** What a line may be. */
export interface LineBytesConfig {
  /** Longest line in bytes, its end (LF or CR LF) not counted; 1 or more. Default 65536. */
  readonly limit?: number;
}

const overLimit = (limit: number): AtError =>
  new AtError({ kind: 'framing', code: 'limit', message: `a line is longer than ${limit} bytes`, details: { limit } });

/**
 * Splits any byte stream into lines as bytes: at each LF, without it and without one CR before it. Chunk borders mean nothing. For payload
 * of the user's own; the module's answers go through `frames`.
 *
 * Hot or cold as its source, subscribed once. Empty lines are emitted. Completes with the source, after the last line that has no LF (as it is, if not empty).
 * Unsubscribing drops what is unfinished. Errors: `framing`/`limit` as soon as a line is too long, the lines before it were emitted; `usage` on a bad option.
 * A line may be a view into its chunk.
 */
export const lineBytes =
  (config: LineBytesConfig = {}): OperatorFunction<Uint8Array, Uint8Array> =>
  (source) =>
    new Observable<Uint8Array>((out) => {
      const wrong = checkNumber('limit', config.limit, 1);
      if (wrong) return out.error(wrong);
      const limit = config.limit ?? 65536;
      const line = createByteParts();
      const withoutCr = (): number => line.length - (line.last === CR ? 1 : 0);
      const take = (chunk: Uint8Array): void => {
        let from = 0;
        while (!out.closed && from < chunk.length) {
          const at = chunk.indexOf(LF, from);
          line.push(chunk.subarray(from, at < 0 ? chunk.length : at));
          const length = withoutCr();
          if (length > limit) return out.error(overLimit(limit));
          if (at < 0) return;
          from = at + 1;
          out.next(line.take().subarray(0, length));
        }
      };
      const finish = (): void => {
        if (line.length > limit) return out.error(overLimit(limit));
        if (line.length > 0) out.next(line.take());
        out.complete();
      };
      runInner(out, () => source, take, finish);
    });
