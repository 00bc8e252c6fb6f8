import { catchError, defer, type Observable, throwError } from 'rxjs';
import { AtError } from './atError.js';
import type { ByteSource } from './byteSource.js';
import { fromBytes } from './fromBytes.js';
import { createReader } from './reader.js';
import { runInner, type Owner } from './runInner.js';
import { trampoline } from './trampoline.js';

export interface Payload {
  readonly data: Uint8Array | ByteSource;
  readonly length?: number;
  readonly write: (bytes: Uint8Array) => Observable<never>;
  readonly chunk?: number;
}

/** Writes exactly the announced bytes, a piece at a time: a read follows only when the write before it completed. Says in every error what is owed. */
export const writePayload = (owner: Owner, { data, length, write, chunk = 2048 }: Payload): void => {
  const total = length ?? (data instanceof Uint8Array ? data.length : 0);
  let written = 0;
  let surplus = 0;
  let piece: Uint8Array | undefined;

  const fail = (kind: 'usage' | 'send', code: string, message: string, cause?: unknown): AtError => {
    const details = { length: total, written, owed: total - written, surplus };
    return new AtError({ kind, code, message, details, ...(cause === undefined ? {} : { cause }) });
  };
  const bytes = data instanceof Uint8Array ? fromBytes(data) : data;
  const source: ByteSource = {
    read: (max) =>
      defer(() => bytes.read(max)).pipe(
        catchError((cause: unknown) => throwError(() => fail('send', 'source', 'the source of the payload failed', cause))),
      ),
  };
  const writeOn = (next: Uint8Array): void => {
    piece = undefined;
    runInner(
      owner,
      () => write(next),
      () => undefined,
      () => {
        written += next.length;
        run();
      },
    );
  };
  const take = (chunkRead: Uint8Array): void => {
    const owed = total - written;
    surplus = Math.max(0, chunkRead.length - owed);
    piece = chunkRead.subarray(0, owed);
  };
  // Asked for only when a read or a write has ended: one thing at a time.
  const run = trampoline(() => {
    if (piece) writeOn(piece);
    else if (surplus > 0) owner.error(fail('usage', 'length', `the source gave ${surplus} bytes more than asked for`));
    else if (written === total) return;
    else if (reader.ended) owner.error(fail('usage', 'length', `the source ended ${total - written} bytes early`));
    else reader.read(Math.min(chunk, total - written));
  });
  const reader = createReader(owner, source, take, run);
  run();
};
