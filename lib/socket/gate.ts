import { Observable, type Subscriber } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { trampoline } from '../../operators/trampoline.js';

/**
 * The consumer's side of a source: one read at a time, what was fetched for a read that has gone is kept for the next, and the
 * end or the error is repeated for ever. Whoever fetches is asked through `wanted` only while somebody waits.
 */
export interface Gate<T> {
  read(max?: number): Observable<T>;
  /** Most bytes the waiting reader takes; `undefined` while nobody waits. */
  readonly demand: number | undefined;
  /** Hands an item over: to the reader, or kept. */
  push(item: T): void;
  /** Nothing comes any more: reads end, or fail with the reason, once what is kept was read. */
  end(error?: AtError): void;
  /** Bytes kept for the next read. */
  readonly kept: number;
}

export interface GateConfig<T> {
  /** A reader begins to wait. */
  readonly wanted: () => void;
  /** A reader leaves without its item. */
  readonly dropped?: () => void;
  /** Most bytes a reader takes that does not say. */
  readonly limit?: number;
  /** What a reader gets of the first item, and what stays of it. */
  readonly cut: (first: T, max: number) => readonly [T, T | undefined];
  readonly size: (item: T) => number;
}

const overlap = (): AtError => new AtError({ kind: 'usage', code: 'overlap', message: 'a read is outstanding already' });

/** An empty gate without a reader. */
export const createGate = <T>({ wanted, dropped = () => undefined, limit = Infinity, cut, size }: GateConfig<T>): Gate<T> => {
  let waiting: { subscriber: Subscriber<T>; max: number } | undefined;
  let items: T[] = [];
  let kept = 0;
  let outcome: { readonly error: AtError | undefined } | undefined;

  const settle = trampoline(() => {
    if (waiting === undefined) return;
    const { subscriber, max } = waiting;
    const [first] = items;
    if (first !== undefined) {
      const [piece, rest] = cut(first, max);
      items = rest === undefined ? items.slice(1) : [rest, ...items.slice(1)];
      kept -= size(piece);
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
      new Observable<T>((subscriber) => {
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
    push: (item) => {
      if (outcome !== undefined) return;
      items.push(item);
      kept += size(item);
      settle();
    },
    end: (error) => {
      outcome ??= { error };
      settle();
    },
    get kept() {
      return kept;
    },
  };
};
