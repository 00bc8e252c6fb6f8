import { Observable, type Subscriber } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { trampoline } from '../../operators/trampoline.js';

/**
 * The consumer's side of a byte source: one read at a time, what was fetched for a read that has gone is kept for the next, and the
 * end or the error is repeated for ever. Whoever fetches is asked through `wanted` only while somebody waits.
 */
export interface ReadGate {
  read(max?: number): Observable<Uint8Array>;
  /** Most bytes the waiting reader takes; `undefined` while nobody waits. */
  readonly demand: number | undefined;
  /** Hands a non-empty chunk over: to the reader, or kept. */
  push(chunk: Uint8Array): void;
  end(): void;
  fail(error: AtError): void;
  /** Bytes kept for the next read. */
  readonly kept: number;
}

const overlap = (): AtError => new AtError({ kind: 'usage', code: 'overlap', message: 'a read is outstanding already' });

/** A gate that calls `wanted` whenever a reader begins to wait, and `dropped` when it leaves without its chunk. */
export const createReadGate = (wanted: () => void, dropped: () => void = () => undefined, limit = Infinity): ReadGate => {
  let waiting: { subscriber: Subscriber<Uint8Array>; max: number } | undefined;
  let chunks: Uint8Array[] = [];
  let kept = 0;
  let outcome: { error?: AtError } | undefined;

  const settle = trampoline(() => {
    if (waiting === undefined) return;
    const { subscriber, max } = waiting;
    const [first] = chunks;
    if (first !== undefined) {
      const piece = first.length > max ? first.subarray(0, max) : first;
      chunks = piece === first ? chunks.slice(1) : [first.subarray(max), ...chunks.slice(1)];
      kept -= piece.length;
      waiting = undefined;
      subscriber.next(piece);
      subscriber.complete();
    } else if (outcome !== undefined) {
      waiting = undefined;
      if (outcome.error === undefined) subscriber.complete();
      else subscriber.error(outcome.error);
    }
  });

  return {
    read: (max = limit) =>
      new Observable<Uint8Array>((subscriber) => {
        if (waiting !== undefined) return subscriber.error(overlap());
        const reader = { subscriber, max: Math.max(1, max) };
        waiting = reader;
        subscriber.add(() => {
          if (waiting !== reader) return;
          waiting = undefined;
          dropped();
        });
        settle();
        if (waiting === reader) wanted();
      }),
    get demand() {
      return waiting?.max;
    },
    push: (chunk) => {
      if (chunk.length === 0 || outcome !== undefined) return;
      chunks.push(chunk);
      kept += chunk.length;
      settle();
    },
    end: () => {
      outcome ??= {};
      settle();
    },
    fail: (error) => {
      outcome ??= { error };
      settle();
    },
    get kept() {
      return kept;
    },
  };
};
