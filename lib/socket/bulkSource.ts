import { Observable, type Subscription } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';

/** A source that is read only as far as the receiving side keeps up. */
export interface BulkSource extends ByteSource {
  /** So many bytes have left the module. */
  delivered(bytes: number): void;
  /** A read was given up because the module reported no progress, not because the source gave nothing. */
  readonly starved: boolean;
}

const plus = 0x2b;
/** A burst of plus signs alone would end AT+CIPSENDL (document 002 +++). */
const isEscape = (bytes: Uint8Array): boolean => bytes.length <= 3 && bytes.every((byte) => byte === plus);

const joined = (first: Uint8Array, second: Uint8Array): Uint8Array => {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
};

/**
 * Bounds what is written ahead of the module's progress reports to `ahead` bytes, and keeps plus signs from standing alone. One read at a time;
 * after the last of `length` bytes nothing is held back.
 */
export const bulkSource = (source: ByteSource, length: number, ahead: number): BulkSource => {
  let taken = 0;
  let done = 0;
  let waiting: (() => void) | undefined;
  let starved = false;
  return {
    get starved() {
      return starved;
    },
    delivered: (bytes) => {
      done = Math.max(done, bytes);
      waiting?.();
    },
    read: (max = ahead) =>
      new Observable<Uint8Array>((subscriber) => {
        let reading: Subscription | undefined;
        const fetch = (held: Uint8Array | undefined): void => {
          let bytes = held;
          reading = source.read(Math.max(1, Math.min(max - (held?.length ?? 0), done + ahead - taken))).subscribe({
            next: (chunk) => {
              taken += chunk.length;
              bytes = held === undefined ? chunk : joined(held, chunk);
            },
            error: (cause: unknown) => subscriber.error(cause),
            complete: () => {
              if (bytes !== undefined && bytes !== held && taken < length && isEscape(bytes)) return fetch(bytes);
              if (bytes !== undefined) subscriber.next(bytes);
              subscriber.complete();
            },
          });
        };
        const start = (): void => {
          if (taken >= done + ahead) return;
          waiting = undefined;
          fetch(undefined);
        };
        waiting = start;
        start();
        return () => {
          if (waiting === start) {
            waiting = undefined;
            starved = true;
          }
          reading?.unsubscribe();
        };
      }),
  };
};
