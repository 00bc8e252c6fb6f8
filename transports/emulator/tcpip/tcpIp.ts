import { Observable, Subject, catchError, map, of, takeUntil, throwIfEmpty } from 'rxjs';
import type { Board } from '../board.js';
import type { Network } from '../network/network.js';
import { error, ok, type Outcome } from '../outcome.js';
import type { Channel } from './channel.js';
import { Dialler } from './dialler.js';
import { Link, type LinkTable } from './link.js';
import { sayClosed, sayConnect, sayRefused } from './linkWords.js';
import type { LinkType, OpenRequest } from './openRequest.js';
import { Server, type ServerLinks } from './server.js';

/** The table of links: which there are, how they come into it and leave it. */
export class TcpIp implements LinkTable, ServerLinks {
  readonly server: Server;
  readonly dialler: Dialler;
  private readonly links: (Link | undefined)[] = [undefined, undefined, undefined, undefined, undefined];
  /** A link closed, or could not be had, since the station got its address: CIPSTATUS 4. */
  wasLinked = false;
  private readonly ends = new Subject<Link>();
  /** A link in passthrough was ended by its peer; nothing was printed. */
  readonly rawEnded: Observable<Link> = this.ends.asObservable();
  private readonly begins = new Subject<Link>();
  /** The server accepted a client in passthrough; nothing was printed. */
  readonly rawBegun: Observable<Link> = this.begins.asObservable();

  constructor(
    private readonly board: Board,
    network: Network,
    private readonly hasAddress: () => boolean,
    /** Bytes go through to a peer: nothing is said about links. */
    private readonly transparent: () => boolean,
  ) {
    this.server = new Server(board, network, this);
    this.dialler = new Dialler(board, network);
  }

  /** Open links in order of their ids. */
  get open(): readonly Link[] {
    return this.links.filter((link): link is Link => link !== undefined);
  }

  link(id: number): Link | undefined {
    return this.links[id];
  }

  freeId(): number {
    return this.links.findIndex((link) => link === undefined);
  }

  raw(): boolean {
    return this.board.get('mode') === 1;
  }

  /** Opens a link; emits how the command ends. */
  start(request: OpenRequest): Observable<Outcome> {
    const { board } = this;
    const { id, type } = request;
    if (!this.hasAddress()) {
      board.log('no ip\r');
      // 2.0 shows STATUS:4 after this, 4.1 does not.
      if (board.profile.style.stateCodes) this.wasLinked = true;
      return of(error());
    }
    const opened = this.dialler.connect(request).pipe(
      map((channel) => {
        this.adopt(new Link(board, this, id, type, false, channel, channel.localPort));
        return ok();
      }),
      takeUntil(this.patience(type.startsWith('SSL') ? 60_000 : 20_000)),
    );
    return opened.pipe(
      throwIfEmpty(),
      catchError(() => {
        sayRefused(board, id);
        return of(error());
      }),
    );
  }

  /** Puts a link into the table, says CONNECT and lets data in. */
  adopt(link: Link, spoken = true): void {
    this.links[link.id] = link;
    if (spoken) sayConnect(this.board, link);
    link.open();
  }

  admit(id: number, type: LinkType, channel: Channel): void {
    const link = new Link(this.board, this, id, type, true, channel, channel.localPort);
    // What the firmware says of a client that comes in passthrough was not seen: as for links that are restored, nothing.
    this.adopt(link, !this.transparent());
    if (this.transparent()) this.begins.next(link);
  }

  /** AT+CIPCLOSE. */
  close(link: Link): void {
    const { linger } = this.board.get('tcp')[link.id] ?? { linger: -1 };
    this.remove(link, linger === 0);
    this.sayClosed(link);
  }

  ended(link: Link): void {
    if (!link.closed) this.drop(link, false);
  }

  /** The network under all links is gone. */
  abortAll(): void {
    for (const link of this.open) this.drop(link, true);
  }

  /** A restart: sockets go, nothing is said. */
  shutdown(): void {
    this.server.stop();
    for (const link of this.open) this.remove(link, true);
  }

  sayClosed(link: Link): void {
    sayClosed(this.board, link);
  }

  /** Settings of the receive mode changed: what waits may be printed or announced now. */
  pump(): void {
    for (const link of this.open) link.pump();
  }

  /** Emits when the stack gives a connection up. */
  private patience(ms: number): Observable<void> {
    return new Observable((subscriber) => this.board.after(ms, () => subscriber.next()));
  }

  /** A link ends without the host's doing. */
  private drop(link: Link, abort: boolean): void {
    this.remove(link, abort);
    if (this.transparent()) this.ends.next(link);
    else this.sayClosed(link);
  }

  private remove(link: Link, abort: boolean): void {
    if (this.links[link.id] === link) this.links[link.id] = undefined;
    link.shut(abort);
    this.wasLinked = true;
  }
}
