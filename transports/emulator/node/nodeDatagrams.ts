import { createSocket, type Socket } from 'node:dgram';
import { networkInterfaces } from 'node:os';
import { Observable } from 'rxjs';
import { isBroadcast, isGroup } from '../network/destination.js';
import { Inbox } from '../network/inbox.js';
import type { Datagram } from '../network/datagramExchange.js';
import type { DatagramSocket, Network } from '../network/network.js';
import { nodeFailure } from './nodeFailure.js';

const isOwn = (from: string, bound: string | undefined): boolean =>
  bound === undefined || bound === '0.0.0.0' || bound === '::' ? Object.values(networkInterfaces()).some((addresses) => addresses?.some(({ address }) => address === from)) : from === bound;

/** Lets it send broadcasts, and multicasts from the interface of `address`, where it joins `group` too; closing leaves the group. Throws what the system says. */
const open = (socket: Socket, family: 4 | 6, group: string | undefined, address: string | undefined): void => {
  if (family === 4) socket.setBroadcast(true);
  if (address !== undefined) socket.setMulticastInterface(address);
  // Peers of the module may run on this machine.
  socket.setMulticastLoopback(true);
  if (group !== undefined) socket.addMembership(group, address);
};

/**
 * UDP by Node: binds to `address`, or to all interfaces. What comes while nobody reads is dropped where the window is full. A member of a multicast group
 * shares its port with other members on this machine, and joins and sends at `address`.
 */
export const nodeDatagrams = (address: string | undefined, mapped: (host: string) => string): Network['datagram'] =>
  ({ localPort = 0, window, family = 4, group }) =>
    new Observable<DatagramSocket>((subscriber) => {
      const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', reuseAddr: group !== undefined });
      let unread = 0;
      let closed = false;
      let bound = false;
      let echoes = false;
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
        // The kernel hands a sender its own multicasts and broadcasts, which a module does not hear.
        if (echoes && port === socket.address().port && isOwn(from, address)) return;
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
      // Bound to an address of this machine, a socket would get nothing that is sent to its group.
      socket.bind({ port: localPort, ...(address === undefined || group !== undefined ? {} : { address }) }, () => {
        const own = socket.address().port;
        try {
          open(socket, family, group === undefined ? undefined : mapped(group), address);
        } catch (error) {
          // No such interface, or no multicast address.
          close();
          subscriber.error(nodeFailure(error, 'unreachable'));
          return;
        }
        bound = true;
        subscriber.next({
          localPort: own,
          incoming: inbox.stream,
          send: (bytes, remote) => {
            if (closed) return;
            const to = mapped(remote.address);
            echoes ||= remote.port === own && (isGroup(to) || isBroadcast(to));
            socket.send(bytes.slice(), remote.port, to, () => undefined);
          },
          close,
        });
        subscriber.complete();
      });
      return () => {
        if (!bound) close();
      };
    });
