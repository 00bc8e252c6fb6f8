import { defer, of, type Observable } from 'rxjs';
import { DatagramExchange, type HostDatagramSocket } from './datagramExchange.js';
import { DelayLine } from './delayLine.js';
import type { DatagramSocket, Network, NetworkEndpoint } from './network.js';
import { ephemeralPorts, failed, type Surroundings } from './surroundings.js';

const hostWindow = 1 << 20;

/** The UDP side of the in-memory network. */
export interface InMemoryDatagrams extends Pick<Network, 'datagram'> {
  /** A host's socket. */
  bind(at: NetworkEndpoint): HostDatagramSocket;
  readonly dropped: number;
}

/** Configured UDP ports of hosts, sockets of the module, and the lossy way between them. */
export const inMemoryDatagrams = (around: Surroundings): InMemoryDatagrams => {
  const { scheduler, hosts, air } = around;
  const line = (): DelayLine<() => void> => new DelayLine(scheduler, (arrive) => { arrive(); });
  const lines = { up: line(), down: line() };
  const exchange: DatagramExchange = new DatagramExchange(
    (host) => hosts.find(host)?.address ?? host,
    (bytes, from, to, arrive) => {
      if (around.lost()) return false;
      const up = from.address === around.address;
      const way = up ? 'up' : 'down';
      const latency = hosts.find((up ? to : from).address)?.config.latency ?? around.latency;
      lines[way].put(arrive, air[way].pass(bytes) + latency);
      return true;
    },
    (at) => {
      const config = hosts.find(at.address)?.config;
      const handler = (config?.state ?? 'up') === 'up' ? config?.udp?.[at.port] : undefined;
      if (handler === undefined) return;
      const socket = exchange.bind(at, hostWindow);
      handler(socket)?.subscribe({ error: () => { socket.close(); } });
    },
  );
  const at = (port: number): NetworkEndpoint => ({ address: around.address, port });
  const taken = (port: number): boolean => exchange.taken(at(port));
  const freePort = ephemeralPorts(taken);

  return {
    datagram: ({ localPort = 0, window, group }) =>
      defer((): Observable<DatagramSocket> => {
        const port = localPort === 0 ? freePort() : localPort;
        return taken(port) ? failed('in-use', `UDP port ${String(port)} is in use`) : of(exchange.bind(at(port), window, group));
      }),
    bind: (end) => exchange.bind(end, hostWindow),
    get dropped() {
      return exchange.dropped;
    },
  };
};
