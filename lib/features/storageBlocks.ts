import { Observable } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import { fromBytes } from '../../operators/fromBytes.js';
import { checkNumber } from '../../operators/checkNumber.js';
import { createReader } from '../../operators/reader.js';
import { trampoline } from '../../operators/trampoline.js';

/** Most bytes of one command. */
const largest = 65_536;
/** The last byte there can be. */
export const furthest = 0x7fffffff;

/** What is wrong with a range that is left to the module otherwise. */
export const checkBlocks = (offset: number | undefined, length: number | undefined, block: number): AtError | undefined =>
  checkNumber('offset', offset, 0, furthest) ?? checkNumber('length', length, 0, furthest) ?? checkNumber('block', block, 1, largest);

/** A block as it was read. */
export interface StorageChunk {
  readonly bytes: Uint8Array;
  /** Bytes so far, these included. */
  readonly received: number;
  /** Bytes in all. */
  readonly total: number;
}

/** How far a write is. */
export interface StorageProgress {
  readonly written: number;
  /** Bytes in all; `undefined` for a source, whose end is not known before. */
  readonly total?: number;
}

/** Data as a source. */
export const sourceOf = (data: Uint8Array | ByteSource): ByteSource => (data instanceof Uint8Array ? fromBytes(data) : data);

/** Reads `length` bytes from `offset` in blocks, one after the other: the next is asked for when the last has ended. */
export const readBlocks = (
  offset: number,
  length: number,
  block: number,
  read: (at: number, size: number) => Observable<{ readonly payload: Uint8Array }>,
): Observable<StorageChunk> =>
  new Observable<StorageChunk>((subscriber) => {
    let received = 0;
    const step = trampoline(() => {
      if (subscriber.closed) return;
      if (received === length) return subscriber.complete();
      const from = received;
      const size = Math.min(block, length - received);
      const done = (): void => {
        if (received - from === size) return step();
        const message = `${String(size)} bytes were asked for, ${String(received - from)} came`;
        subscriber.error(new AtError({ kind: 'decode', code: 'short', message, details: { received } }));
      };
      subscriber.add(
        read(offset + from, size).subscribe({
          next: ({ payload }) => {
            received += payload.length;
            if (payload.length > 0) subscriber.next({ bytes: payload, received, total: length });
          },
          error: (cause: unknown) => subscriber.error(cause),
          complete: done,
        }),
      );
    });
    step();
  });

/** One block of a source, filled as far as it gives; none at its end. */
const gathered = (source: ByteSource, size: number): Observable<Uint8Array> =>
  new Observable<Uint8Array>((subscriber) => {
    const bytes = new Uint8Array(size);
    let have = 0;
    const step = trampoline(() => {
      if (subscriber.closed || reader.reading) return;
      if (have < size && !reader.ended) return reader.read(size - have);
      if (have > 0) subscriber.next(bytes.subarray(0, have));
      subscriber.complete();
    });
    const reader = createReader(
      subscriber,
      source,
      (chunk) => {
        bytes.set(chunk.subarray(0, size - have), have);
        have = Math.min(size, have + chunk.length);
      },
      step,
    );
    step();
  });

const withWritten = (cause: unknown, written: number): unknown => {
  if (!isAtError(cause)) return cause;
  const { kind, code, message, retry, details } = cause;
  return new AtError({ kind, code, message, retry: written > 0 && retry === 'safe' ? 'unknown' : retry, cause, details: { ...details, written } });
};

/** Writes a source in blocks and tells after each; `write` gets the block and how many bytes stand before it. */
export const writeBlocks = (
  source: ByteSource,
  block: number,
  total: number | undefined,
  write: (bytes: Uint8Array, at: number) => Observable<unknown>,
): Observable<StorageProgress> =>
  new Observable<StorageProgress>((subscriber) => {
    let written = 0;
    const fail = (cause: unknown): void => subscriber.error(withWritten(cause, written));
    const put = (bytes: Uint8Array): void => {
      subscriber.add(
        write(bytes, written).subscribe({
          error: fail,
          complete: () => {
            written += bytes.length;
            subscriber.next({ written, ...(total === undefined ? {} : { total }) });
            step();
          },
        }),
      );
    };
    const step = trampoline(() => {
      if (subscriber.closed) return;
      let bytes: Uint8Array | undefined;
      subscriber.add(
        gathered(source, block).subscribe({
          next: (found) => (bytes = found),
          error: fail,
          complete: () => (bytes === undefined ? subscriber.complete() : put(bytes)),
        }),
      );
    });
    step();
  });
