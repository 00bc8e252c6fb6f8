import { AtError } from '../../operators/atError.js';

/** What one item too many does: ends the subscription with `link`/`overflow`, or is dropped, or drops the oldest one. */
export type Overflow = 'error' | 'drop-oldest' | 'drop-newest';

/** Items that nobody takes yet, so many at most. */
export interface Mailbox<T> {
  push(item: T): void;
  /** The oldest item; `undefined` when there is none. */
  shift(): T | undefined;
  /** Set once an item found no room and that is an error. */
  readonly failure: AtError | undefined;
}

/** `what` the items are, for the error: `messages of a/b`. */
export const createMailbox = <T>(what: string, limit: number, overflow: Overflow, details: Readonly<Record<string, unknown>> = {}): Mailbox<T> => {
  const waiting: T[] = [];
  let failure: AtError | undefined;
  return {
    push: (item) => {
      waiting.push(item);
      if (waiting.length <= limit) return;
      if (overflow === 'drop-oldest') waiting.shift();
      else waiting.pop();
      if (overflow !== 'error') return;
      failure ??= new AtError({ kind: 'link', code: 'overflow', message: `more than ${String(limit)} ${what} wait to be taken`, retry: 'safe', details: { ...details, limit } });
    },
    shift: () => waiting.shift(),
    get failure() {
      return failure;
    },
  };
};
