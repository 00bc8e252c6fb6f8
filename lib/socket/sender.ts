import { defer, Observable, type Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import { fromBytes } from '../../operators/fromBytes.js';
import { trampoline } from '../../operators/trampoline.js';
import { fromAsyncIterable } from '../bridges/fromAsyncIterable.js';
import type { SendProgress } from './socket.js';

export type Sendable = Uint8Array | ByteSource | AsyncIterable<Uint8Array>;

const sourceOf = (data: Sendable): ByteSource =>
  data instanceof Uint8Array ? fromBytes(data) : 'read' in data ? data : fromAsyncIterable(data);

const withAccepted = (cause: unknown, accepted: number): unknown =>
  isAtError(cause) ? new AtError({ kind: cause.kind, code: cause.code, message: cause.message, retry: accepted > 0 ? 'unknown' : cause.retry, cause, details: { ...cause.details, accepted } }) : cause;

/** Cuts data into slices and sends them one by one; unsubscribing leaves the slice on the wire to end by itself. */
const slices = (source: ByteSource, limit: number, sendSlice: (slice: Uint8Array) => Observable<unknown>): Observable<SendProgress> =>
  new Observable<SendProgress>((subscriber) => {
    let sent = 0;
    let reading: Subscription | undefined;
    const fail = (cause: unknown): void => subscriber.error(withAccepted(cause, sent));
    const accepted = (length: number): void => {
      sent += length;
      subscriber.next({ sent });
      step();
    };
    // Not tied to the subscriber: a slice on the wire is finished whoever listens.
    const forward = (slice: Uint8Array): void => void sendSlice(slice).subscribe({ error: fail, complete: () => accepted(slice.length) });
    const step = trampoline(() => {
      if (subscriber.closed) return;
      let slice: Uint8Array | undefined;
      reading = source.read(limit).subscribe({
        next: (bytes) => (slice = bytes),
        error: fail,
        complete: () => (slice === undefined ? subscriber.complete() : forward(slice)),
      });
    });
    step();
    return () => reading?.unsubscribe();
  });

/** Sends of one connection, in the order of their subscriptions. */
export const createSender = (limit: number, sendSlice: (slice: Uint8Array) => Observable<unknown>): ((data: Sendable) => Observable<SendProgress>) => {
  const queue: (() => void)[] = [];
  let active = false;
  const next = (): void => {
    const first = queue.shift();
    active = first !== undefined;
    first?.();
  };
  return (data) =>
    new Observable<SendProgress>((subscriber) => {
      let started = false;
      const start = (): void => {
        started = true;
        subscriber.add(defer(() => slices(sourceOf(data), limit, sendSlice)).subscribe(subscriber));
      };
      queue.push(start);
      subscriber.add(() => {
        if (started) next();
        else queue.splice(queue.indexOf(start), 1);
      });
      if (!active) next();
    });
};
