import { map, type Observable } from 'rxjs';
import type { DatagramSocket, NetworkEndpoint, NetworkSocket } from '../network/network.js';

/** What a link needs of the socket under it, TCP, TLS or UDP. */
export interface Channel {
  readonly localPort: number;
  /** Where the link sends to; for UDP it may follow the sender. */
  readonly remote: NetworkEndpoint;
  /** Completes on FIN, errors on RST. */
  readonly incoming: Observable<{ readonly bytes: Uint8Array; readonly remote: NetworkEndpoint }>;
  consumed(bytes: number): void;
  /** How many bytes were taken. */
  send(bytes: Uint8Array, to?: NetworkEndpoint): number;
  readonly writable: Observable<void>;
  end(): void;
  destroy(): void;
  /** Boundaries are kept. */
  readonly datagrams: boolean;
  /** A datagram came from there. */
  heard(remote: NetworkEndpoint): void;
}

/** A TCP or TLS connection as a channel. */
export const streamChannel = (socket: NetworkSocket): Channel => {
  const { remote } = socket;
  return {
    localPort: socket.localPort,
    remote,
    incoming: socket.incoming.pipe(map((bytes) => ({ bytes, remote }))),
    consumed: (bytes) => socket.consumed(bytes),
    send: (bytes) => socket.send(bytes),
    writable: socket.writable,
    end: () => socket.end(),
    destroy: () => socket.destroy(),
    datagrams: false,
    heard: () => undefined,
  };
};

/** A UDP socket as a channel. `mode`: 0 the peer stays, 1 it changes once, 2 it is whoever sent last. */
export const datagramChannel = (socket: DatagramSocket, peer: NetworkEndpoint, mode: number, never: Observable<never>): Channel => {
  let remote = peer;
  let changed = false;
  return {
    localPort: socket.localPort,
    get remote() {
      return remote;
    },
    incoming: socket.incoming,
    consumed: () => undefined,
    send(bytes, to) {
      if (to && mode === 2) remote = to;
      socket.send(bytes, to ?? remote);
      return bytes.length;
    },
    writable: never,
    end: () => socket.close(),
    destroy: () => socket.close(),
    datagrams: true,
    heard(from) {
      if (from.address === remote.address && from.port === remote.port) return;
      if (mode === 2 || (mode === 1 && !changed)) {
        remote = from;
        changed = true;
      }
    },
  };
};
