import { connect as connectTcp, isIP, type Socket, type TcpNetConnectOpts } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { Observable, type SchedulerLike } from 'rxjs';
import { NetworkError, type ConnectOptions, type Network } from '../network/network.js';
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

const opened = ({ host, port, window, localPort, family, tls }: ConnectOptions, { mapped, files }: NodeConnectSettings): Socket => {
  const options: SocketOptions = {
    host: mapped(host),
    port,
    // A small mark, so that Node stops reading early; one read may still bring 64 KiB into the stream.
    highWaterMark: window,
    allowHalfOpen: true,
    noDelay: true,
    ...(localPort === undefined ? {} : { localPort }),
    ...(family === undefined || isIP(mapped(host)) !== 0 ? {} : { family }),
  };
  return tls === undefined ? connectTcp(options) : connectTls({ ...options, ...tlsConnection(tls, files) });
};

/** TCP and TLS connections by Node. */
export const nodeConnect = (settings: NodeConnectSettings): Network['connect'] => (options) =>
  new Observable((subscriber) => {
    let socket: Socket;
    try {
      socket = opened(options, settings);
    } catch (error) {
      // A missing certificate, or a port out of range.
      subscriber.error(error instanceof NetworkError ? error : nodeFailure(error, 'unreachable'));
      return undefined;
    }
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
      subscriber.next(nodeSocket(socket, options.window, settings.scheduler));
      subscriber.complete();
    });
    return () => {
      if (!connected) socket.destroy();
    };
  });
