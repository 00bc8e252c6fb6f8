import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { TlsOptions as ServerTlsOptions } from 'node:tls';
import { asyncScheduler, catchError, defer, map, mergeMap, Observable, of, throwError, timeout, type SchedulerLike } from 'rxjs';
import { NetworkError, type Network, type NetworkSocket } from '../network/network.js';
import { nodeConnect } from './nodeConnect.js';
import { nodeDatagrams } from './nodeDatagrams.js';
import { nodeFailure } from './nodeFailure.js';
import { nodeListen } from './nodeListen.js';
import type { TlsFiles } from './tlsFiles.js';

/** Which of this machine's addresses and ports the module uses, where its peers are really found, and the certificates for TLS. */
export interface NodeNetworkConfig {
  /** Where the module's servers listen. Default 127.0.0.1: only this machine reaches them. */
  readonly listenAddress?: string;
  /** Which port of this machine a port of the module is served on, e.g. where those below 1024 are not allowed; 0 picks one. Default the same. */
  readonly listenPort?: (port: number) => number;
  /**
   * Where UDP sockets are bound, and at which interface multicast groups are joined. A member of a group is bound to all interfaces whatever this is; with an address here
   * no other socket hears broadcasts. Default all interfaces; groups at the one the system picks.
   */
  readonly datagramAddress?: string;
  /** Names and addresses that the module shall find elsewhere, e.g. `{ '192.168.4.2': '127.0.0.1' }`. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** After how long connecting fails, TLS included, in milliseconds. Default 18,000. */
  readonly connectTimeout?: number;
  /** The certificates in the module's flash. */
  readonly tls?: TlsFiles;
  /** Certificate and key for TLS servers of the module; without them listening with TLS fails. */
  readonly serverTls?: ServerTlsOptions;
  /** The TCP port that `ping` knocks at. Default 7. */
  readonly pingPort?: number;
  /** The clock of the timeouts. Default asyncScheduler. */
  readonly scheduler?: SchedulerLike;
}

const pingTimeout = 1000;

const lookUp = (host: string, family: 4 | 6): Observable<string> =>
  new Observable((subscriber) => {
    lookup(host, { family }, (error, address) => {
      if (error === null) {
        subscriber.next(address);
        subscriber.complete();
      } else subscriber.error(nodeFailure(error, 'not-found'));
    });
  });

/**
 * The real network of this machine: `net`, `tls`, `dgram` and `dns`. The module's receive window (5,760 bytes unread a link) is enforced by
 * not reading the socket; the kernel's buffers, some megabytes on Linux, lie behind it before the peer notices, and with TLS and for clients of
 * the module's servers up to 64 KiB in Node's stream. Errors are `NetworkError`.
 *
 * `ping` sends no echo request, which would need a raw socket: it measures how long the host takes to accept or refuse a TCP connection to
 * `pingPort`; a host that does neither within a second, behind a firewall for one, errors `timeout`. `now` is this machine's clock, which
 * stands in for a time server. Sockets live until they are closed; nothing else is kept.
 *
 * UDP sockets send broadcasts and join multicast groups; a group that cannot be joined errors `unreachable`. Members share a port on this machine, and datagrams
 * to one address at it reach only one of them. A socket that sends to its own port so does not hear itself, nor anybody else at the same address and port. Linux
 * also hands a member what comes to its port for groups that other programs of this machine have joined.
 */
export const nodeNetwork = (config: NodeNetworkConfig = {}): Network => {
  const { scheduler = asyncScheduler, hosts = {}, listenPort = (port) => port, connectTimeout = 18_000, pingPort = 7 } = config;
  const mapped = (host: string): string => hosts[host] ?? hosts[host.toLowerCase()] ?? host;
  const connect = nodeConnect({ scheduler, mapped, files: config.tls ?? {} });
  const within = (limit: number, host: string, connecting: Observable<NetworkSocket>): Observable<NetworkSocket> =>
    connecting.pipe(timeout({ first: limit, scheduler, with: () => throwError(() => new NetworkError('timeout', `no answer from ${host}`)) }));

  return {
    connect: (options) => within(connectTimeout, options.host, connect(options)),
    datagram: nodeDatagrams(config.datagramAddress, mapped),
    listen: nodeListen({ scheduler, listenPort, address: config.listenAddress ?? '127.0.0.1', serverTls: config.serverTls }),
    resolve: (host, family = 4) => defer(() => (isIP(mapped(host)) === 0 ? lookUp(mapped(host), family) : of(mapped(host)))),
    ping: (host) =>
      defer(() => {
        const start = scheduler.now();
        return within(pingTimeout, host, connect({ host, port: pingPort, window: 1 })).pipe(
          map((socket) => {
            socket.destroy();
          }),
          catchError((error: unknown) => (error instanceof NetworkError && error.failure === 'refused' ? of(undefined) : throwError(() => error))),
          mergeMap(() => of(Math.round(scheduler.now() - start))),
        );
      }),
    now: () => defer(() => of(Date.now() / 1000)),
  };
};
