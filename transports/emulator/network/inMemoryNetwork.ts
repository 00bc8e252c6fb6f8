import { asyncScheduler, of, type Observable, type SchedulerLike } from 'rxjs';
import { seededRandom } from '../random.js';
import type { HostDatagramSocket } from './datagramExchange.js';
import { HostTable, type HostConfig } from './hostConfig.js';
import type { HostSocket } from './hostSocket.js';
import { inMemoryConnections, type HostConnectOptions } from './inMemoryConnections.js';
import { inMemoryDatagrams } from './inMemoryDatagrams.js';
import { inMemoryNames } from './inMemoryNames.js';
import { Medium } from './medium.js';
import type { Network } from './network.js';
import { after, type Surroundings } from './surroundings.js';

/** Which computers an in-memory network has, and how fast, far and lossy it is. */
export interface InMemoryNetworkConfig {
  /** The computers that exist, by IP address or name; everything else is unknown. */
  readonly hosts?: Readonly<Record<string, HostConfig>>;
  /** The module's own address. Default 192.168.4.100. */
  readonly address?: string;
  /** One-way delay in milliseconds. Default 1. */
  readonly latency?: number;
  /** Payload bytes per second each way, shared by all links. Default unlimited. */
  readonly rate?: number;
  /** Largest TCP segment in bytes. Default 1440, as recorded. */
  readonly segment?: number;
  /** Which share of packets is lost, 0 to below 1: a datagram is gone, a TCP segment comes 200 ms late. Default 0. */
  readonly loss?: number;
  /** Makes the losses repeat. Default 1. */
  readonly seed?: number;
  /** The module's TCP send buffer in bytes. Default 5,744. */
  readonly sendBuffer?: number;
  /** How long connecting to a silent host takes to fail, in milliseconds. Default 18,000. */
  readonly connectTimeout?: number;
  /** What an SNTP server says when the network is made, in seconds since 1970; without it there is none. */
  readonly time?: number;
  /** The clock of the network. Default asyncScheduler. */
  readonly scheduler?: SchedulerLike;
}

/** A `Network` whose other computers live in this process, with a door for tests. */
export interface InMemoryNetwork extends Network {
  /**
   * A host connects to a port on which the module listens. Cold; emits the host's end and completes, errors `NetworkError` `refused`
   * where nobody listens; unsubscribing before that gives up.
   */
  connectTo(port: number, options?: HostConnectOptions): Observable<HostSocket>;
  /** Opens a host's UDP socket, so that it can speak first. Default address 192.168.4.2. */
  bind(port: number, address?: string): HostDatagramSocket;
  /** Adds, exchanges or removes (`undefined`) a host; standing connections go on. */
  configure(host: string, config: HostConfig | undefined): void;
  /** Datagrams that nobody got so far: lost, no such port, or the receiver's window was full. */
  readonly datagramsDropped: number;
}

/**
 * A network of configured computers in memory, driven by a scheduler alone, so that virtual time works. TCP windows are exact: a host
 * never has more bytes unread at the module than the window given with `connect` or `listen`, and the module's send buffer holds what
 * the host has not acknowledged. A UDP socket drops what its window cannot hold while nobody reads it; a datagram to a broadcast or multicast
 * address goes to every bound socket of its port, of a group to those bound to it. Names that are not configured are
 * `not-found`, addresses that are not configured time out, ports without a service are refused. Cold in every method; needs no closing.
 */
export const inMemoryNetwork = (config: InMemoryNetworkConfig = {}): InMemoryNetwork => {
  const scheduler = config.scheduler ?? asyncScheduler;
  const { loss = 0, latency = 1, rate = Infinity, time } = config;
  const random = seededRandom(config.seed ?? 1);
  const hosts = new HostTable(config.hosts);
  const around: Surroundings = {
    scheduler,
    hosts,
    latency,
    address: config.address ?? '192.168.4.100',
    air: { up: new Medium(scheduler, rate), down: new Medium(scheduler, rate) },
    lost: () => loss > 0 && random() < loss,
  };
  const { segment = 1440, sendBuffer = 5744, connectTimeout = 18_000 } = config;
  const connections = inMemoryConnections(around, { segment, sendBuffer, connectTimeout });
  const datagrams = inMemoryDatagrams(around);
  const born = scheduler.now();
  return {
    ...connections,
    ...inMemoryNames(around),
    ...(time === undefined ? {} : { now: () => after(around, 2 * latency, () => of(time + (scheduler.now() - born) / 1000)) }),
    datagram: datagrams.datagram,
    bind: (port, address = '192.168.4.2') => datagrams.bind({ address, port }),
    configure: (host, change) => {
      hosts.set(host, change);
    },
    get datagramsDropped() {
      return datagrams.dropped;
    },
  };
};
