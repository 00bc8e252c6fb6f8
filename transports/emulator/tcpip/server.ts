import { catchError, map, of, type Observable, type Subscription } from 'rxjs';
import type { Board } from '../board.js';
import type { Network, NetworkServer, NetworkSocket } from '../network/network.js';
import { error, ok, type Outcome } from '../outcome.js';
import { streamChannel, type Channel } from './channel.js';
import type { Link } from './link.js';
import { sayErrorNumber } from './linkWords.js';
import type { LinkType } from './openRequest.js';

/** AT+CIPSERVER=1 in force. */
export interface ServerState { readonly port: number; readonly type: string; readonly ca: number; readonly listener: NetworkServer }

/** What the server asks of the table of links. */
export interface ServerLinks {
  readonly open: readonly Link[];
  freeId(): number;
  /** A client has the free id. */
  admit(id: number, type: LinkType, channel: Channel): void;
  ended(link: Link): void;
}

/** The module's server: takes clients as long as there is room, and closes those that are idle. */
export class Server {
  private state: ServerState | undefined;
  private idleTimer: Subscription | undefined;

  constructor(private readonly board: Board, private readonly network: Network, private readonly links: ServerLinks) {}

  get running(): ServerState | undefined {
    return this.state;
  }

  /** AT+CIPSERVER=1. */
  listen(port: number, type: string, ca: number): Observable<Outcome> {
    const { window } = this.board.profile.limits;
    const tls = type.startsWith('SSL') ? { tls: { authMode: ca === 1 ? 2 : 0, pkiNumber: 0, caNumber: 0 } as const } : {};
    return this.network.listen({ port, window, ...tls }).pipe(
      map((listener) => {
        this.serve({ port, type, ca, listener });
        return ok();
      }),
      catchError(() => {
        sayErrorNumber(this.board);
        return of(error());
      }),
    );
  }

  stop(): void {
    this.state?.listener.close();
    this.state = undefined;
  }

  private serve(state: ServerState): void {
    this.state = state;
    this.board.keep(state.listener.connections.subscribe({ next: (socket) => this.accept(socket), error: () => this.stop() }));
    this.watchIdle();
  }

  private accept(socket: NetworkSocket): void {
    const id = this.links.freeId();
    const type = this.state?.type ?? 'TCP';
    if (id < 0 || this.clients.length >= this.board.get('maxClients')) {
      // Over the limit a client is not accepted, and nothing is said.
      socket.destroy();
      return;
    }
    this.links.admit(id, type as LinkType, streamChannel(socket));
  }

  private get clients(): readonly Link[] {
    return this.links.open.filter((link) => link.server);
  }

  /** AT+CIPSTO: server links without traffic are closed. */
  private watchIdle(): void {
    this.idleTimer?.unsubscribe();
    this.idleTimer = this.board.after(250, () => {
      const idle = this.board.get('idle');
      if (idle > 0) for (const link of this.clients) if (this.board.now() - link.activeAt >= idle * 1000) this.links.ended(link);
      if (this.state || this.clients.length > 0) this.watchIdle();
    });
  }
}
