import { Duplex as NodeDuplex } from 'node:stream';
import type { Subscription } from 'rxjs';
import type { Duplex } from '../../socket/socket.js';

/**
 * A socket or raw duplex of a module as a Node stream, so that Node's protocol libraries run over it. Nothing is read ahead (high-water mark 0):
 * the stream asks the module only when its own reader asks. `write` calls back when the module has accepted the bytes; `end` closes the
 * connection; `destroy` gives up reads and sends and closes it. Errors are those of the socket.
 */
export const toNodeDuplex = (duplex: Duplex, config: { readonly chunk?: number } = {}): NodeDuplex => {
  let reading: Subscription | undefined;
  let sending: Subscription | undefined;
  const stream: NodeDuplex = new NodeDuplex({
    readableHighWaterMark: 0,
    writableHighWaterMark: 0,
    read: () => {
      if (reading !== undefined && !reading.closed) return;
      let ended = true;
      reading = duplex.read(config.chunk).subscribe({
        next: (bytes) => {
          ended = false;
          // The read is over with this chunk: `push` may ask for the next one at once.
          reading = undefined;
          stream.push(bytes);
        },
        error: (error: Error) => stream.destroy(error),
        complete: () => {
          if (ended) stream.push(null);
        },
      });
    },
    write: (chunk: Uint8Array, _encoding, done) => {
      sending = duplex.send(chunk).subscribe({ error: done, complete: () => done() });
    },
    final: (done) => {
      duplex.end().subscribe({ error: done, complete: () => done() });
    },
    destroy: (error, done) => {
      reading?.unsubscribe();
      sending?.unsubscribe();
      duplex.end().subscribe({ error: () => done(error), complete: () => done(error) });
    },
  });
  return stream;
};
