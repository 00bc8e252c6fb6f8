import type { Observable, Subscriber, Subscription } from 'rxjs';
import { createMailbox, type Overflow } from './mailbox.js';

/** How what comes unasked waits for a slower subscriber. */
export interface QueueOptions {
  /** Most items that wait, from 0 on. Default 64. */
  readonly queueLimit?: number;
  /** What one item too many does. Default `error`: `link`/`overflow`. */
  readonly overflow?: Overflow;
  /** How many more items may be emitted, once for each value; without it they are emitted as they come. */
  readonly demand?: Observable<number>;
}

export const defaultQueueLimit = 64;

/** One subscriber of what comes unasked. */
export interface Reader<T, O extends QueueOptions = QueueOptions> {
  readonly options: O;
  readonly subscriber: Subscriber<T>;
  take(item: T): void;
  /** Begins to follow the demand. */
  start(): Subscription | undefined;
}

/** `what` the items are, for the error of a full queue. */
export const createReader = <T, O extends QueueOptions>(what: string, options: O, subscriber: Subscriber<T>, details: Readonly<Record<string, unknown>> = {}): Reader<T, O> => {
  const { queueLimit = defaultQueueLimit, overflow = 'error', demand } = options;
  const mailbox = createMailbox<T>(what, queueLimit, overflow, details);
  let credit = demand === undefined ? Infinity : 0;
  let draining = false;
  const drain = (): void => {
    // A value of the demand may come out of the emission that it follows.
    if (draining) return;
    draining = true;
    while (credit > 0 && !subscriber.closed) {
      const item = mailbox.shift();
      if (item === undefined) break;
      credit -= 1;
      subscriber.next(item);
    }
    draining = false;
  };
  return {
    options,
    subscriber,
    take: (item) => {
      if (credit > 0 && !draining) {
        credit -= 1;
        // Nobody waits where there is credit.
        subscriber.next(item);
        return;
      }
      mailbox.push(item);
      if (mailbox.failure !== undefined) subscriber.error(mailbox.failure);
    },
    start: () =>
      demand?.subscribe({
        next: (more) => {
          credit += Math.max(0, more);
          drain();
        },
        error: (error: unknown) => subscriber.error(error),
      }),
  };
};
