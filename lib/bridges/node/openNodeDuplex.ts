import type { Duplex as NodeDuplex } from 'node:stream';
import { type Observable, ReplaySubject, Subscription } from 'rxjs';
import { AtError } from '../../../operators/atError.js';
import type { Duplex } from '../../socket/socket.js';
import { nodeDuplexOver, type NodeDuplexConfig } from './toNodeDuplex.js';

/**
 * A Node stream at once, over a connection that is being opened: `openNodeDuplex(tcp(module, { host, port }))`. The source is subscribed now; reads and writes
 * wait until it emits, then the stream emits `connect`. An error of the source, before that or later, destroys the stream and is its `error`. The end of the
 * stream, also before it was open, unsubscribes from the source, which closes the link. Otherwise as `toNodeDuplex`.
 */
export const openNodeDuplex = (source: Observable<Duplex>, config: NodeDuplexConfig = {}): NodeDuplex => {
  const opened = new ReplaySubject<Duplex>(1);
  let current: Duplex | undefined;
  const connection = new Subscription();
  const stream = nodeDuplexOver(
    opened,
    (done) => {
      const leave = (): void => {
        connection.unsubscribe();
        done();
      };
      if (current === undefined) leave();
      else current.end().subscribe({ error: leave, complete: leave });
    },
    config,
  );
  connection.add(
    source.subscribe({
      next: (duplex) => {
        if (current !== undefined || stream.destroyed) return;
        current = duplex;
        // Not in the caller's stack, who cannot listen yet.
        process.nextTick(() => {
          if (stream.destroyed) return;
          stream.emit('connect');
          opened.next(duplex);
          opened.complete();
        });
      },
      error: (error: Error) => stream.destroy(error),
      complete: () => {
        if (current === undefined) stream.destroy(new AtError({ kind: 'link', code: 'closed', message: 'the connection ended before it was open' }));
      },
    }),
  );
  return stream;
};
