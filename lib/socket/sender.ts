import { defer, Observable, Subscription, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import { fromBytes } from '../../operators/fromBytes.js';
import { trampoline } from '../../operators/trampoline.js';
import { fromAsyncIterable } from '../bridges/fromAsyncIterable.js';
import type { SendOptions, SendProgress } from './socket.js';
import { cutText, terminatedText } from './terminatedText.js';

export type Sendable = Uint8Array | ByteSource | AsyncIterable<Uint8Array>;

export interface SenderConfig {
  /** Most bytes of the next slice. */
  readonly limit: () => number;
  /** Completes when it is this connection's turn to send, for the first time in a `send` or again. */
  readonly turn: (first: boolean) => Observable<never>;
  /** Sends one slice; completes when the module has taken it. */
  readonly slice: (bytes: Uint8Array) => Observable<unknown>;
  /** Sends one slice by AT+CIPSENDEX; `escapes`: the firmware undoes doubled backslashes. */
  readonly text?: { readonly escapes: boolean; readonly slice: (line: Uint8Array) => Observable<unknown> };
  /** Sends so many bytes at once, emitting how many were taken so far; unsubscribing ends it. */
  readonly bulk: (source: ByteSource, length: number) => Observable<number>;
}

const sourceOf = (data: Sendable): ByteSource =>
  data instanceof Uint8Array ? fromBytes(data) : 'read' in data ? data : fromAsyncIterable(data);

const withAccepted = (cause: unknown, accepted: number): unknown =>
  isAtError(cause) ? new AtError({ kind: cause.kind, code: cause.code, message: cause.message, retry: accepted > 0 ? 'unknown' : cause.retry, cause, details: { ...cause.details, accepted } }) : cause;

/** How data is cut into slices. */
interface Slicing extends Pick<SenderConfig, 'limit' | 'turn' | 'slice'> {
  /** How much of the beginning is the next slice. */
  readonly cut: (bytes: Uint8Array) => number;
}

const plain = (config: SenderConfig): Slicing => ({ ...config, cut: () => config.limit() });

const escaped = ({ limit, turn }: SenderConfig, { escapes, slice }: NonNullable<SenderConfig['text']>): Slicing => ({
  limit,
  turn,
  cut: (bytes) => cutText(bytes, limit(), escapes),
  slice: (bytes) => slice(terminatedText(bytes, escapes)),
});

const refused = (kind: 'usage' | 'unsupported', message: string): Observable<never> => throwError(() => new AtError({ kind, code: 'option', message }));

/** Cuts data into slices and sends them one by one; unsubscribing leaves the slice on the wire to end by itself. */
const slices = (source: ByteSource, { limit, turn, cut, slice }: Slicing): Observable<SendProgress> =>
  new Observable<SendProgress>((subscriber) => {
    let sent = 0;
    let rest: Uint8Array | undefined;
    let waiting: Subscription | undefined;
    const fail = (cause: unknown): void => subscriber.error(withAccepted(cause, sent));
    // Not tied to the subscriber: a slice on the wire is finished whoever listens.
    const put = (piece: Uint8Array): void =>
      void slice(piece).subscribe({
        error: fail,
        complete: () => {
          sent += piece.length;
          subscriber.next({ sent });
          step();
        },
      });
    const forward = (bytes: Uint8Array): void => {
      const next = (): void => {
        const piece = bytes.subarray(0, cut(bytes));
        rest = piece.length < bytes.length ? bytes.subarray(piece.length) : undefined;
        put(piece);
      };
      waiting = turn(sent === 0).subscribe({ error: fail, complete: next });
    };
    const step = trampoline(() => {
      if (subscriber.closed) return;
      if (rest !== undefined) return forward(rest);
      let bytes: Uint8Array | undefined;
      waiting = source.read(limit()).subscribe({
        next: (chunk) => (bytes = chunk),
        error: fail,
        complete: () => (bytes === undefined ? subscriber.complete() : forward(bytes)),
      });
    });
    step();
    return () => waiting?.unsubscribe();
  });

/** One command for all of it, which unsubscribing ends. */
const whole = (source: ByteSource, length: number, { turn, bulk }: SenderConfig): Observable<SendProgress> =>
  new Observable<SendProgress>((subscriber) => {
    let sent = 0;
    const fail = (cause: unknown): void => subscriber.error(withAccepted(cause, sent));
    const progress = (count: number): void => {
      if (count <= sent) return;
      sent = count;
      subscriber.next({ sent });
    };
    const running = new Subscription();
    const start = (): void =>
      running.add(
        bulk(source, length).subscribe({
          next: progress,
          error: fail,
          complete: () => {
            progress(length);
            subscriber.complete();
          },
        }),
      );
    running.add(turn(true).subscribe({ error: fail, complete: start }));
    return running;
  });

/** Sends of one connection, in the order of their subscriptions. */
export const createSender = (config: SenderConfig): ((data: Sendable, options?: SendOptions) => Observable<SendProgress>) => {
  const queue: (() => void)[] = [];
  let active = false;
  const next = (): void => {
    const first = queue.shift();
    active = first !== undefined;
    first?.();
  };
  const begun = (data: Sendable, { bulk, terminated = false }: SendOptions): Observable<SendProgress> => {
    if (terminated && bulk !== undefined) return refused('usage', 'a bulk send is ended by its length: `terminated` does not go with `bulk`');
    if (bulk !== undefined) return whole(sourceOf(data), bulk, config);
    if (!terminated) return slices(sourceOf(data), plain(config));
    return config.text === undefined ? refused('unsupported', 'a raw stream has no AT+CIPSENDEX') : slices(sourceOf(data), escaped(config, config.text));
  };
  return (data, options = {}) =>
    new Observable<SendProgress>((subscriber) => {
      let started = false;
      const start = (): void => {
        started = true;
        subscriber.add(defer(() => begun(data, options)).subscribe(subscriber));
      };
      queue.push(start);
      subscriber.add(() => {
        if (started) next();
        else queue.splice(queue.indexOf(start), 1);
      });
      if (!active) next();
    });
};
