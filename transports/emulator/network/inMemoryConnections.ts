import { defer, Observable, of } from 'rxjs';
import { isAddress, type Host } from './hostConfig.js';
import type { HostHandler, HostSocket } from './hostSocket.js';
import { Inbox } from './inbox.js';
import { NetworkError, type ConnectOptions, type Network, type NetworkEndpoint, type NetworkServer, type NetworkSocket } from './network.js';
import { after, ephemeralPorts, failed, type Surroundings } from './surroundings.js';
import { tcpLink, type LinkConditions, type TcpLink } from './tcpLink.js';

export interface ConnectionSettings {
  readonly segment: number;
  /** The module's send buffer in bytes. */
  readonly sendBuffer: number;
  /** How long connecting to a silent host takes to fail, in milliseconds. */
  readonly connectTimeout: number;
}

/** How a host connects to the module. */
export interface HostConnectOptions {
  /** Its address and port. Default 192.168.4.2 and a port of its own. */
  readonly from?: NetworkEndpoint;
  /** Its receive window in bytes. Default 65,535. */
  readonly window?: number;
  /** Its send buffer in bytes. Default 65,536. */
  readonly sendBuffer?: number;
}

/** The TCP side of the in-memory network. */
export interface InMemoryConnections extends Pick<Network, 'connect' | 'listen'> {
  connectTo(port: number, options?: HostConnectOptions): Observable<HostSocket>;
}

const retransmissionTime = 200;
const defaultWindow = 65_535;
const defaultSendBuffer = 65_536;
const speaksTlsOnly: HostHandler = (socket) => {
  socket.destroy();
};

/** Handshakes, local ports and listeners; the links themselves are `tcpLink`s. */
export const inMemoryConnections = (around: Surroundings, settings: ConnectionSettings): InMemoryConnections => {
  const { hosts, address } = around;
  const usedPorts = new Set<number>();
  const freePort = ephemeralPorts((port) => usedPorts.has(port));
  const freeHostPort = ephemeralPorts(() => false);
  const servers = new Map<number, { readonly window: number; readonly inbox: Inbox<NetworkSocket> }>();
  const conditions = (latency: number): LinkConditions & { readonly moduleSendBuffer: number } => ({
    scheduler: around.scheduler,
    latency,
    air: around.air,
    segment: settings.segment,
    moduleSendBuffer: settings.sendBuffer,
    retransmission: () => (around.lost() ? retransmissionTime : 0),
  });

  // Subscribed when the module's SYN has reached the host; the host serves when the module's ACK has.
  const outgoing = (options: ConnectOptions, { address: plain, address6, config }: Host, port: number, handler: HostHandler): Observable<NetworkSocket> =>
    new Observable((subscriber) => {
      let connected = false;
      const link: TcpLink = tcpLink(
        {
          ...conditions(config.latency ?? around.latency),
          module: { address, port },
          host: { address: options.family === 6 ? address6 ?? plain : plain, port: options.port },
          moduleWindow: options.window,
          hostWindow: config.window ?? defaultWindow,
          hostSendBuffer: config.sendBuffer ?? defaultSendBuffer,
          gone: () => usedPorts.delete(port),
        },
        {
          module: () => {
            connected = true;
            link.open('module');
            subscriber.next(link.module);
            subscriber.complete();
          },
          host: () => {
            link.serve(handler);
          },
        },
      );
      link.open('host');
      return () => {
        if (!connected) link.module.destroy();
      };
    });

  const connect = (options: ConnectOptions): Observable<NetworkSocket> => {
    const host = hosts.find(options.host);
    const where = `${options.host} port ${String(options.port)}`;
    if (host === undefined || host.config.state === 'silent') return after(around, settings.connectTimeout, () => failed('timeout', `no answer from ${where}`));
    const latency = host.config.latency ?? around.latency;
    if (host.config.state === 'unreachable') return after(around, 2 * latency, () => failed('unreachable', `no way to ${where}`));
    const { tcp, tls } = host.config;
    const secure = options.tls !== undefined;
    const handler = secure ? tls?.[options.port] : tcp?.[options.port] ?? (tls?.[options.port] && speaksTlsOnly);
    if (handler === undefined) {
      const otherwise = secure && tcp?.[options.port] !== undefined;
      return after(around, (otherwise ? 4 : 2) * latency, () => (otherwise ? failed('tls', `${where} does not speak TLS`) : failed('refused', `${where} refuses`)));
    }
    const port = options.localPort ?? freePort();
    if (usedPorts.has(port)) return failed('in-use', `local port ${String(port)} is in use`);
    return new Observable((subscriber) => {
      usedPorts.add(port);
      let reached = false;
      // The handshake of TLS takes one more way there and back.
      subscriber.add(after(around, (secure ? 3 : 1) * latency, () => {
        reached = true;
        return outgoing(options, host, port, handler);
      }).subscribe(subscriber));
      return () => {
        if (!reached) usedPorts.delete(port);
      };
    });
  };

  const incoming = (port: number, options: HostConnectOptions): Observable<HostSocket> =>
    new Observable((subscriber) => {
      const server = servers.get(port);
      if (server === undefined) {
        subscriber.error(new NetworkError('refused', `the module does not listen on port ${String(port)}`));
        return undefined;
      }
      let connected = false;
      const link: TcpLink = tcpLink(
        {
          ...conditions(around.latency),
          module: { address, port },
          host: options.from ?? { address: '192.168.4.2', port: freeHostPort() },
          moduleWindow: server.window,
          hostWindow: options.window ?? defaultWindow,
          hostSendBuffer: options.sendBuffer ?? defaultSendBuffer,
          gone: () => undefined,
        },
        {
          host: () => {
            connected = true;
            link.open('host');
            subscriber.next(link.host);
            subscriber.complete();
          },
          module: () => {
            if (servers.get(port) === server) server.inbox.push(link.module);
            else link.module.destroy();
          },
        },
      );
      link.open('module');
      return () => {
        if (!connected) link.host.destroy();
      };
    });

  return {
    connect: (options) =>
      defer(() => {
        const known = hosts.find(options.host) !== undefined || isAddress(options.host);
        return known ? connect(options) : after(around, 2 * around.latency, () => failed('not-found', `no host is called ${options.host}`));
      }),
    listen: ({ port, window }) =>
      defer((): Observable<NetworkServer> => {
        if (servers.has(port)) return failed('in-use', `port ${String(port)} is in use`);
        const server = { window, inbox: new Inbox<NetworkSocket>() };
        servers.set(port, server);
        const close = (): void => {
          if (servers.get(port) === server) servers.delete(port);
          server.inbox.complete();
        };
        return of({ port, connections: server.inbox.stream, close });
      }),
    connectTo: (port, options = {}) => after(around, around.latency, () => incoming(port, options)),
  };
};
