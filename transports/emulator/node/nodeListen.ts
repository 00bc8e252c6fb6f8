import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import { Observable, type SchedulerLike } from 'rxjs';
import { Inbox } from '../network/inbox.js';
import { NetworkError, type Network, type NetworkServer, type NetworkSocket } from '../network/network.js';
import { nodeFailure } from './nodeFailure.js';
import { nodeSocket } from './nodeSocket.js';

export interface NodeListenSettings {
  readonly scheduler: SchedulerLike;
  readonly address: string;
  /** The port of this machine that stands for a port of the module. */
  readonly listenPort: (port: number) => number;
  readonly serverTls: TlsOptions | undefined;
}

/** TCP and TLS servers by Node. */
export const nodeListen = ({ scheduler, address, listenPort, serverTls }: NodeListenSettings): Network['listen'] => ({ port, window, tls }) =>
  new Observable<NetworkServer>((subscriber) => {
    if (tls !== undefined && serverTls === undefined) {
      subscriber.error(new NetworkError('tls', 'no certificate for a TLS server is configured'));
      return undefined;
    }
    const inbox = new Inbox<NetworkSocket>();
    const accept = (socket: Socket): void => {
      inbox.push(nodeSocket(socket, window, scheduler));
    };
    const options = { allowHalfOpen: true, noDelay: true, highWaterMark: window };
    const server: Server =
      tls === undefined ? createServer(options, accept) : createTlsServer({ ...serverTls, ...options, requestCert: tls.authMode >= 2 }, accept);
    let listening = false;
    server.on('error', (error) => {
      if (!listening) subscriber.error(nodeFailure(error, 'in-use'));
    });
    const close = (): void => {
      server.close();
      inbox.complete();
    };
    server.listen(listenPort(port), address, () => {
      listening = true;
      const at = server.address();
      subscriber.next({ port: at !== null && typeof at === 'object' ? at.port : port, connections: inbox.stream, close });
      subscriber.complete();
    });
    return () => {
      if (!listening) server.close();
    };
  });
