import type { Observable } from 'rxjs';
import { isBroadcast, isGroup } from './destination.js';
import { Inbox } from './inbox.js';
import type { DatagramSocket, NetworkEndpoint } from './network.js';

/** One UDP packet as its receiver sees it. */
export interface Datagram {
  readonly bytes: Uint8Array;
  readonly remote: NetworkEndpoint;
}

/** A host's UDP socket. */
export interface HostDatagramSocket {
  readonly local: NetworkEndpoint;
  /** One subscriber; completes on `close`. */
  readonly incoming: Observable<Datagram>;
  /** To the module's address and port. */
  send(bytes: Uint8Array, remote: NetworkEndpoint): void;
  close(): void;
}

/** What a host does on a UDP port; subscribed at the first datagram, for as long as the network lives. An error closes the port. */
export type HostDatagramHandler = (socket: HostDatagramSocket) => Observable<unknown> | void;

interface Port {
  readonly local: NetworkEndpoint;
  /** Multicast address that it has joined. */
  readonly group: string | undefined;
  readonly inbox: Inbox<Datagram>;
  readonly window: number;
  unread: number;
}

/** Puts a datagram of so many bytes on its way and calls `arrive` when it gets there; false if it is lost. */
export type Carrier = (bytes: number, from: NetworkEndpoint, to: NetworkEndpoint, arrive: () => void) => boolean;

const nameOf = ({ address, port }: NetworkEndpoint): string => `${address} ${String(port)}`;

/** Who listens on which UDP port, and what does not get there. */
export class DatagramExchange {
  private readonly ports = new Map<string, Port>();
  /** Datagrams that nobody got: lost on the way, no such port, or more than the receiver's window holds. */
  dropped = 0;

  /** `locate` gives the address of a host that is called by name; `serve` opens a configured port of a host at its first datagram. */
  constructor(
    private readonly locate: (host: string) => string,
    private readonly carry: Carrier,
    private readonly serve: (at: NetworkEndpoint) => void,
  ) {}

  taken(at: NetworkEndpoint): boolean {
    return this.ports.has(nameOf(at));
  }

  /** A socket at an address, which may be a multicast one; of a `group` it hears what is sent there to its port. */
  bind(local: NetworkEndpoint, window: number, group?: string): HostDatagramSocket & DatagramSocket {
    const port: Port = {
      local,
      group,
      window,
      unread: 0,
      inbox: new Inbox(({ bytes }) => {
        port.unread -= bytes.length;
      }),
    };
    this.ports.set(nameOf(local), port);
    return {
      local,
      localPort: local.port,
      incoming: port.inbox.stream,
      send: (bytes, remote) => {
        const copy = bytes.slice();
        const to = { address: this.locate(remote.address), port: remote.port };
        const carried = this.carry(copy.length, local, to, () => {
          this.arrive(to, { bytes: copy, remote: local });
        });
        if (!carried) this.dropped += 1;
      },
      close: () => {
        if (this.ports.get(nameOf(local)) === port) this.ports.delete(nameOf(local));
        port.inbox.complete();
      },
    };
  }

  private arrive(at: NetworkEndpoint, datagram: Datagram): void {
    const { address, port: number } = at;
    if (!isBroadcast(address) && !isGroup(address)) {
      if (!this.taken(at)) this.serve(at);
      return this.put(this.ports.get(nameOf(at)), datagram);
    }
    const heard = [...this.ports.values()].filter(
      ({ local, group }) => local.port === number && local.address !== datagram.remote.address && (isBroadcast(address) || local.address === address || group === address),
    );
    if (heard.length === 0) this.dropped += 1;
    for (const port of heard) this.put(port, { ...datagram, bytes: datagram.bytes.slice() });
  }

  private put(port: Port | undefined, datagram: Datagram): void {
    if (port === undefined || port.unread + datagram.bytes.length > port.window) {
      this.dropped += 1;
      return;
    }
    port.unread += datagram.bytes.length;
    port.inbox.push(datagram);
  }
}
