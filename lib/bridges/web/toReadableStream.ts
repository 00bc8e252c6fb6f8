import type { Subscription } from 'rxjs';
import type { ByteSource } from '../../../operators/byteSource.js';

/**
 * A byte source as a WHATWG byte stream. Nothing is read ahead (high-water mark 0): a pull of the stream is one read of the source, no longer than
 * the reader's own buffer where it brings one. Cancelling gives up the outstanding read; what was not read can still be read from the source.
 */
export const toReadableStream = (source: ByteSource, config: { readonly chunk?: number } = {}): ReadableStream<Uint8Array> => {
  let reading: Subscription | undefined;
  const read = (max: number | undefined): Promise<Uint8Array | undefined> =>
    new Promise((resolve, reject) => {
      let chunk: Uint8Array | undefined;
      reading = source.read(max).subscribe({
        next: (bytes) => (chunk = bytes),
        error: reject,
        complete: () => resolve(chunk),
      });
    });
  return new ReadableStream(
    {
      type: 'bytes',
      pull: async (controller) => {
        const request = controller.byobRequest;
        const view = request?.view ?? undefined;
        const chunk = await read(view?.byteLength ?? config.chunk);
        if (chunk === undefined) {
          controller.close();
          request?.respond(0);
        } else if (view !== undefined && request !== null && request !== undefined) {
          new Uint8Array(view.buffer, view.byteOffset, chunk.length).set(chunk);
          request.respond(chunk.length);
        } else controller.enqueue(chunk.slice());
      },
      cancel: () => reading?.unsubscribe(),
    },
    { highWaterMark: 0 },
  );
};
