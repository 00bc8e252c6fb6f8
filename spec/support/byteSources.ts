import { asyncScheduler, defer, EMPTY, finalize, mergeMap, type Observable, of, type SchedulerLike, tap, throwError, timer } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';

export interface MemorySourceConfig {
  /** Time until a read answers, in ms; absent: in the stack of its subscribe. */
  readonly delay?: number;
  readonly scheduler?: SchedulerLike;
  /** Errors with this where the chunks end. */
  readonly failure?: unknown;
}

/** A `ByteSource` over chunks, held to its contract, that records how it is used. */
export interface MemorySource extends ByteSource {
  /** The `max` of each subscribed read, `Infinity` where none was given. */
  readonly reads: readonly number[];
  /** Called at each subscribe of a read. */
  onRead: () => void;
  /** Reads under way: 0 or 1. */
  readonly outstanding: number;
  /** What nobody has read yet. */
  readonly left: readonly Uint8Array[];
}

/** Splits a chunk over `max`; keeps the chunk of a read that was unsubscribed; a second read at once is a `usage` error. */
export const memorySource = (chunks: Iterable<Uint8Array>, config: MemorySourceConfig = {}): MemorySource => {
  const queue = [...chunks];
  let first = 0;
  const reads: number[] = [];
  let outstanding = 0;
  const answer = (max: number): Observable<Uint8Array> => {
    const chunk = queue[first];
    if (!chunk) return config.failure === undefined ? EMPTY : throwError(() => config.failure);
    return of(chunk.subarray(0, max));
  };
  const taken = (bytes: number): void => {
    const rest = queue[first]?.subarray(bytes);
    if (rest && rest.length > 0) queue[first] = rest;
    else first++;
  };
  const source: MemorySource = {
    reads,
    onRead: () => undefined,
    get outstanding() {
      return outstanding;
    },
    get left() {
      return queue.slice(first);
    },
    read: (max = Infinity) =>
      defer(() => {
        if (outstanding > 0) return throwError(() => new AtError({ kind: 'usage', code: 'overlap', message: 'a read is under way' }));
        outstanding++;
        reads.push(max);
        source.onRead();
        const wait = config.delay === undefined ? of(0) : timer(config.delay, config.scheduler ?? asyncScheduler);
        return wait.pipe(
          mergeMap(() => answer(max)),
          tap((bytes) => taken(bytes.length)),
          finalize(() => outstanding--),
        );
      }),
  };
  return source;
};

/** Text as bytes, one per character. */
export const ascii = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));

/** Bytes as text, one character per byte. */
export const text = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
