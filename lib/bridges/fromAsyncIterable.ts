import { defer, EMPTY, from, mergeMap, of } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';

/** A byte source over an async iterable of chunks. Cold: the iterator is asked once a read, a chunk longer than `max` is kept for the next; empty chunks are passed over. */
export const fromAsyncIterable = (iterable: AsyncIterable<Uint8Array>): ByteSource => {
  let iterator: AsyncIterator<Uint8Array> | undefined;
  let kept: Uint8Array | undefined;
  const take = (chunk: Uint8Array, max: number): Uint8Array => {
    kept = chunk.length > max ? chunk.subarray(max) : undefined;
    return chunk.length > max ? chunk.subarray(0, max) : chunk;
  };
  const source: ByteSource = {
    read: (max = Infinity) =>
      defer(() => {
        if (kept !== undefined) return of(take(kept, max));
        iterator ??= iterable[Symbol.asyncIterator]();
        return from(iterator.next()).pipe(
          mergeMap((result) => (result.done === true ? EMPTY : result.value.length === 0 ? source.read(max) : of(take(result.value, max)))),
        );
      }),
  };
  return source;
};
