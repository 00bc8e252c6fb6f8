import { createSocket } from 'node:dgram';
import { Observable } from 'rxjs';
import { Inbox } from '../network/inbox.js';
import type { Datagram } from '../network/datagramExchange.js';
import type { DatagramSocket, Network } from '../network/network.js';
import { nodeFailure } from './nodeFailure.js';

/** UDP by Node: binds to `address`, or to all interfaces. What comes while nobody reads is dropped where the window is full. */
export const nodeDatagrams = (address: string | undefined, mapped: (host: string) => string): Network['datagram'] =>
  ({ localPort = 0, window, family = 4 }) =>
    new Observable<DatagramSocket>((subscriber) => {
      const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
      let unread = 0;
      let closed = false;
      let bound = false;
      const inbox = new Inbox<Datagram>(({ bytes }) => {
        unread -= bytes.length;
      });
      const close = (): void => {
        if (closed) return;
        closed = true;
        socket.close();
        inbox.complete();
      };
      socket.on('message', (message, { address: from, port }) => {
        if (unread + message.length > window) return;
        unread += message.length;
        inbox.push({ bytes: new Uint8Array(message.buffer, message.byteOffset, message.length), remote: { address: from, port } });
      });
      // After binding, errors belong to single datagrams, which UDP may lose.
      socket.on('error', (error) => {
        if (bound) return;
        close();
        subscriber.error(nodeFailure(error, 'in-use'));
      });
      socket.bind({ port: localPort, ...(address === undefined ? {} : { address }) }, () => {
        bound = true;
        subscriber.next({
          localPort: socket.address().port,
          incoming: inbox.stream,
          send: (bytes, remote) => {
            if (!closed) socket.send(bytes.slice(), remote.port, mapped(remote.address), () => undefined);
          },
          close,
        });
        subscriber.complete();
      });
      return () => {
        if (!bound) close();
      };
    });
