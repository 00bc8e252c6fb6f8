import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { Observable, type SchedulerLike } from 'rxjs';
import { NetworkError, type ConnectOptions, type Network } from '../network/network.js';
import { boundedReads, type BoundedReads } from './boundedReads.js';
import { nodeFailure } from './nodeFailure.js';
import { nodeSocket } from './nodeSocket.js';
import { tlsConnection, type TlsFiles } from './tlsFiles.js';

export interface NodeConnectSettings {
  readonly scheduler: SchedulerLike;
  /** Where a host is found in truth. */
  readonly mapped: (host: string) => string;
  readonly files: TlsFiles;
}

type SocketOptions = TcpNetConnectOpts & ConnectionOptions & { readonly highWaterMark: number };

interface Opened {
  readonly socket: Socket;
  readonly reads?: BoundedReads;
}

const opened = ({ host, port, window, localPort, family, tls }: ConnectOptions, { mapped, files }: NodeConnectSettings): Opened => {
  const options: SocketOptions = {
    host: mapped(host),
    port,
    // Where a stream reads for itself, it shall stop early.
    highWaterMark: window,
    allowHalfOpen: true,
    noDelay: true,
    ...(localPort === undefined ? {} : { localPort }),
    ...(family === undefined || isIP(mapped(host)) !== 0 ? {} : { family }),
  };
  if (tls !== undefined) return { socket: connectTls({ ...options, ...tlsConnection(tls, files) }) };
  const reads = boundedReads(window);
  return { socket: connectTcp({ ...options, onread: reads.onread }), reads };
};

/** TCP and TLS connections by Node. */
export const nodeConnect = (settings: NodeConnectSettings): Network['connect'] => (options) =>
  new Observable((subscriber) => {
    let connection: Opened;
    try {
      connection = opened(options, settings);
    } catch (error) {
      // A missing certificate, or a port out of range.
      subscriber.error(error instanceof NetworkError ? error : nodeFailure(error, 'unreachable'));
      return undefined;
    }
    const { socket, reads } = connection;
    let connected = false;
    const failed = (error: Error): void => {
      subscriber.error(nodeFailure(error, options.tls === undefined ? 'unreachable' : 'tls'));
    };
    const ended = (): void => {
      failed(new Error('the peer closed the connection in the TLS handshake'));
    };
    socket.on('error', failed);
    socket.on('end', ended);
    socket.on(options.tls === undefined ? 'connect' : 'secureConnect', () => {
      connected = true;
      socket.off('error', failed);
      socket.off('end', ended);
      subscriber.next(nodeSocket(socket, options.window, settings.scheduler, reads));
      subscriber.complete();
    });
    return () => {
      if (!connected) socket.destroy();
    };
  });
