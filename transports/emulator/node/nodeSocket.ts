import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { asapScheduler, type SchedulerLike } from 'rxjs';
import { Inbox } from '../network/inbox.js';
import type { NetworkSocket } from '../network/network.js';
import { RoomSignal } from '../network/roomSignal.js';
import { type BoundedReads, segment } from './boundedReads.js';
import { nodeFailure } from './nodeFailure.js';

const sendBuffer = 5744;
const lingering = 1000;

/**
 * The module's view of a connected Node socket. At most `window` bytes are unread at the module; then the socket is not read any more, so
 * that the kernel's receive buffer fills and TCP holds the peer back. Without `reads` (TLS, accepted clients) Node's stream holds up to 64 KiB
 * between the two. At most 5,744 bytes wait for the kernel to take them.
 */
export const nodeSocket = (socket: Socket, window: number, scheduler: SchedulerLike, reads?: BoundedReads): NetworkSocket => {
  const signal = new RoomSignal();
  const inbox = new Inbox<Uint8Array>();
  let unread = 0;
  let ended = false;
  let waking = false;
  let leaving = false;

  const take = (bytes: Uint8Array): void => {
    unread += bytes.length;
    inbox.push(bytes);
  };
  // `read(n)` in paused mode leaves the rest in the stream, which stops reading when it holds its high-water mark.
  const pumpStream = (): void => {
    while (unread < window) {
      const want = Math.min(segment, window - unread, socket.readableLength);
      const chunk: unknown = want > 0 ? socket.read(want) : null;
      if (!(chunk instanceof Uint8Array)) break;
      take(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    }
    // An empty read asks for more, and lets the stream notice its end.
    if (unread < window) socket.read(0);
  };
  const pump = reads === undefined ? pumpStream : () => void (unread < window && socket.resume());
  reads?.give({ room: () => (leaving ? segment : window - unread), take: (bytes) => (leaving ? undefined : take(bytes)) });
  const reset = (): void => {
    inbox.abandon();
    // Node resets plain TCP only.
    if (socket instanceof TLSSocket) socket.destroy();
    else socket.resetAndDestroy();
  };
  // Never in the caller's stack.
  const wake = (): void => {
    if (waking) return;
    waking = true;
    asapScheduler.schedule(() => {
      waking = false;
      if (!socket.destroyed) pump();
    });
  };
  // The module has closed the link and nobody reads it: a peer that does not end either is reset, after it got what was sent.
  const leave = (): void => {
    if (inbox.hasReader || socket.destroyed) return;
    leaving = true;
    socket.off('readable', pumpStream);
    socket.resume();
    const patience = scheduler.schedule(reset, lingering);
    socket.on('close', () => {
      patience.unsubscribe();
    });
  };

  if (reads === undefined) socket.on('readable', pumpStream);
  socket.on('end', () => {
    inbox.complete();
  });
  socket.on('error', (error) => {
    inbox.fail(nodeFailure(error, 'refused'));
  });
  socket.on('close', () => {
    inbox.abandon();
    signal.complete();
  });

  return {
    remote: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    localPort: socket.localPort ?? 0,
    ...(socket.localAddress === undefined ? {} : { localAddress: socket.localAddress }),
    incoming: inbox.stream,
    writable: signal.writable,
    consumed: (bytes) => {
      unread = Math.max(0, unread - bytes);
      wake();
    },
    send: (bytes) => {
      if (ended || socket.destroyed) return 0;
      const count = Math.min(bytes.length, Math.max(0, sendBuffer - socket.writableLength));
      signal.sent(count === bytes.length);
      if (count > 0) {
        socket.write(bytes.slice(0, count), () => {
          signal.room();
        });
      }
      return count;
    },
    end: () => {
      if (ended) return;
      ended = true;
      socket.end(() => {
        asapScheduler.schedule(leave);
      });
    },
    destroy: () => {
      ended = true;
      reset();
    },
  };
};
