import type { Observable, SchedulerLike } from 'rxjs';
import type { NetworkEndpoint } from './network.js';
import type { SocketStats } from './socketStats.js';
import type { TcpEnd } from './tcpEnd.js';

/** The host's end of a connection with the module. */
export interface HostSocket {
  /** The host's own address and port. */
  readonly local: NetworkEndpoint;
  /** The module's. */
  readonly remote: NetworkEndpoint;
  /** The network's clock. */
  readonly scheduler: SchedulerLike;
  /** How much was sent, and whether and how often the module's window held this side back. Live. */
  readonly stats: SocketStats;
  /** What the module sent. One subscriber; unread bytes fill the host's window. Completes on the module's FIN, errors (`NetworkError`) on its RST. */
  readonly incoming: Observable<Uint8Array>;
  /** Emits when a `send` that was not taken whole can go on; completes when the connection is gone. */
  readonly writable: Observable<void>;
  /** Takes as many bytes as the host's send buffer has room for; they leave as the module's window allows. Returns the count taken. */
  send(bytes: Uint8Array): number;
  /** While on, nothing is read: the host's window fills and the module is held back. */
  hold(on: boolean): void;
  /** FIN, after what was taken has left. */
  end(): void;
  /** RST: at once, and what was not delivered is lost. */
  destroy(): void;
}

/**
 * What a host does with one connection. An Observable is subscribed when the connection stands and unsubscribed when it is gone:
 * completing ends the host's side (FIN), an error resets it (RST). Without one the handler sees to both itself.
 */
export type HostHandler = (socket: HostSocket) => Observable<unknown> | void;

/** The host's view of its end of a link. */
export const hostSocket = (end: TcpEnd, local: NetworkEndpoint, remote: NetworkEndpoint, scheduler: SchedulerLike): HostSocket => ({
  local,
  remote,
  scheduler,
  stats: end,
  incoming: end.inbox.stream,
  writable: end.writable,
  send: (bytes) => end.send(bytes),
  hold: (on) => {
    end.inbox.hold(on);
  },
  end: () => {
    end.end();
  },
  destroy: () => {
    end.destroy();
  },
});
