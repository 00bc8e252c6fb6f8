import { Duplex as NodeDuplex } from 'node:stream';
import { mergeMap, type Observable, of, Subscription } from 'rxjs';
import type { Duplex } from '../../socket/socket.js';

/** How a stream of Node reads and ends. */
export interface NodeDuplexConfig {
  /** Most bytes one read asks the module for. Default: as the module likes. */
  readonly chunk?: number;
  /**
   * What `end()` does. A module cannot close one direction alone. Default `close`: the connection is closed once everything is written, and what the peer
   * still sends is lost. `read`: it stays open until the peer has closed it, so that an answer can be read; a peer that waits for the end waits for ever.
   */
  readonly onEnd?: 'close' | 'read';
}

/**
 * The stream over a connection that is there as soon as `opened` emits it; `close` closes it when the stream is
 * destroyed, however far it has come.
 */
export const nodeDuplexOver = (opened: Observable<Duplex>, close: (done: () => void) => void, { chunk, onEnd = 'close' }: NodeDuplexConfig): NodeDuplex => {
  let reading: Subscription | undefined;
  let sending: Subscription | undefined;

  const end = (done: (error?: Error | null) => void): void => {
    sending = opened.pipe(mergeMap((duplex) => duplex.end())).subscribe({ error: done, complete: () => done() });
  };
  const send = (bytes: Uint8Array, done: (error?: Error | null) => void): void => {
    sending = opened.pipe(mergeMap((duplex) => duplex.send(bytes))).subscribe({ error: done, complete: () => done() });
  };
  return new NodeDuplex({
    readableHighWaterMark: 0,
    writableHighWaterMark: 0,
    read() {
      if (reading !== undefined) return;
      let bytes: Uint8Array | undefined;
      const read = new Subscription();
      reading = read;
      read.add(
        opened.pipe(mergeMap((duplex) => duplex.read(chunk))).subscribe({
          next: (found) => (bytes = found),
          error: (error: Error) => this.destroy(error),
          // Only now is the source free: `push` may ask it for more at once.
          complete: () => {
            reading = undefined;
            this.push(bytes ?? null);
          },
        }),
      );
    },
    write: (bytes: Uint8Array, _encoding, done) => send(bytes, done),
    // What was written while the module was busy goes in one piece.
    writev: (pieces, done) => send(Buffer.concat(pieces.map((piece) => piece.chunk as Uint8Array)), done),
    final: (done) => (onEnd === 'close' ? end(done) : done()),
    destroy: (error, done) => {
      reading?.unsubscribe();
      sending?.unsubscribe();
      close(() => done(error));
    },
  });
};

/**
 * A socket or raw duplex of a module as a Node stream, so that Node's protocol libraries run over it. Nothing is read ahead (high-water mark 0):
 * the stream asks the module only when its own reader asks, so an unread stream holds the peer back. `write` calls back when the module's stack has
 * accepted the bytes; writes that wait go together. `end` closes the connection (see `onEnd`); `destroy` gives up reads and sends and closes it; with both
 * sides ended it is destroyed by itself, as every Node stream. Errors of a read or a send destroy the stream and are its `error` (`AtError`).
 */
export const toNodeDuplex = (duplex: Duplex, config: NodeDuplexConfig = {}): NodeDuplex =>
  nodeDuplexOver(
    of(duplex),
    // What fails now is of no use to anybody.
    (done) => duplex.end().subscribe({ error: done, complete: done }),
    config,
  );
