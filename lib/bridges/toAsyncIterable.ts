import { firstValueFrom } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';

/**
 * A byte source as an async iterable: one read for each turn of `for await`, none ahead of it. Leaving the loop leaves the source as it is:
 * what was not read can still be read.
 */
export const toAsyncIterable = (source: ByteSource, config: { readonly chunk?: number } = {}): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => ({
    next: async () => {
      const chunk = await firstValueFrom(source.read(config.chunk), { defaultValue: undefined });
      return chunk === undefined ? { done: true, value: undefined } : { done: false, value: chunk };
    },
    return: () => Promise.resolve({ done: true, value: undefined }),
  }),
});
