import { defer, EMPTY, Observable, type SchedulerLike, Subscription } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import { trampoline } from '../../operators/trampoline.js';

export interface PayloadConfig {
  readonly data: Uint8Array | ByteSource;
  readonly length: number;
  readonly write: (bytes: Uint8Array) => Observable<never>;
  /** So many bytes are on their way. */
  readonly wrote: (bytes: number) => void;
  /** A source that falls short by more bytes than these is not filled up: the payload can be ended otherwise. */
  readonly ends: number;
  /** Longest wait for a read of the source, in ms. */
  readonly patience: number;
  readonly scheduler: SchedulerLike;
}

/** Most bytes that are asked of a source at once. */
export const pieceLimit = 4096;

const shortfall = (reason: string, owed: number, cause?: unknown): AtError =>
  new AtError({ kind: 'send', code: 'source', message: `the payload's source ${reason}`, retry: 'unknown', details: { owed }, ...(cause === undefined ? {} : { cause }) });

/** Reads and writes in turn. */
const pump = (source: ByteSource, { length, write, wrote, ends, patience, scheduler }: PayloadConfig): Observable<never> =>
  new Observable<never>((subscriber) => {
    let owed = length;
    let reading = new Subscription();
    const put = (bytes: Uint8Array, then: () => void): void => {
      owed -= bytes.length;
      wrote(bytes.length);
      subscriber.add(write(bytes).subscribe({ error: (cause: unknown) => subscriber.error(cause), complete: then }));
    };
    // The module counts on whatever happens here: bytes that the source does not give are filled with zeros, then the failure is told.
    const fill = (failure: AtError): void => {
      reading.unsubscribe();
      if (owed > ends) return subscriber.error(failure);
      const zeros = (): void => {
        if (owed > 0) put(new Uint8Array(Math.min(owed, pieceLimit)), again);
        else subscriber.error(failure);
      };
      const again = trampoline(zeros);
      again();
    };
    const step = trampoline(() => {
      if (subscriber.closed) return;
      if (owed === 0) return subscriber.complete();
      let piece: Uint8Array | undefined;
      reading = new Subscription();
      subscriber.add(reading);
      reading.add(scheduler.schedule(() => fill(shortfall('gave nothing in time', owed)), patience));
      reading.add(
        defer(() => source.read(Math.min(owed, pieceLimit))).subscribe({
          next: (bytes) => (piece = bytes.subarray(0, owed)),
          error: (cause: unknown) => fill(shortfall('failed', owed, cause)),
          complete: () => {
            reading.unsubscribe();
            if (piece === undefined) fill(shortfall('ended early', owed));
            else put(piece, step);
          },
        }),
      );
    });
    step();
  });

/** Writes exactly `length` bytes of the data; completes when the last is written, errors after filling up when the source fell short, or at once where the payload `ends` otherwise. */
export const writePayload = (config: PayloadConfig): Observable<never> => {
  const { data, length, write, wrote } = config;
  if (!(data instanceof Uint8Array)) return pump(data, config);
  if (length === 0) return EMPTY;
  return defer(() => {
    wrote(length);
    return write(data.subarray(0, length));
  });
};
