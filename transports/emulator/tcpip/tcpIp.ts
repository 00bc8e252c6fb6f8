import { NEVER, Observable, Subject, catchError, map, mergeMap, of, takeUntil, throwIfEmpty, type Subscription } from 'rxjs';
import type { Board } from '../board.js';
import { ipOf, isIp6 } from '../format.js';
import { isGroup } from '../network/destination.js';
import type { Network, NetworkSocket, NetworkServer, TlsOptions } from '../network/network.js';
import { error, ok, type Outcome } from '../outcome.js';
import { datagramChannel, streamChannel, type Channel } from './channel.js';
import { Link, type LinkTable, type LinkType } from './link.js';

/** What AT+CIPSTART asks for. */
export interface OpenRequest {
  readonly id: number;
  readonly type: LinkType;
  readonly host: string;
  readonly port: number;
  readonly localPort: number | undefined;
  /** Of UDP. */
  readonly peerMode: number;
}

/** The running server. */
export interface ServerState { readonly port: number; readonly type: string; readonly ca: number; readonly listener: NetworkServer }

/** The table of links, the server, and what both print. */
export class TcpIp implements LinkTable {
  private readonly links: (Link | undefined)[] = [undefined, undefined, undefined, undefined, undefined];
  private running: ServerState | undefined;
  private idleTimer: Subscription | undefined;
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
    private readonly network: Network,
    private readonly hasAddress: () => boolean,
    /** Bytes go through to a peer: nothing is said about links. */
    private readonly transparent: () => boolean,
  ) {}

  get server(): ServerState | undefined {
    return this.running;
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
    if (!this.hasAddress()) {
      this.board.log('no ip\r');
      // 2.0 shows STATUS:4 after this, 4.1 does not.
      if (this.board.profile.style.stateCodes) this.wasLinked = true;
      return of(error());
    }
    const opened = this.connect(request).pipe(
      map((channel) => {
        this.adopt(new Link(this.board, this, request.id, request.type, false, channel, channel.localPort));
        return ok();
      }),
      takeUntil(this.patience(request.type.startsWith('SSL') ? 60_000 : 20_000)),
    );
    return opened.pipe(
      throwIfEmpty(),
      catchError(() => of(this.refused(request.id))),
    );
  }

  /** The channel of a request, without a link. */
  connect(request: OpenRequest): Observable<Channel> {
    const { window } = this.board.profile.limits;
    const family: 4 | 6 = request.type.endsWith('v6') ? 6 : 4;
    if (request.type.startsWith('UDP')) {
      const own = { window, family, ...(request.localPort ? { localPort: request.localPort } : {}) };
      return this.addressOf(request.host, family).pipe(
        // A module that sends to a multicast address hears it too (document 002 AT+CIPSTART).
        mergeMap((address) => this.network.datagram(isGroup(address) ? { ...own, group: address } : own).pipe(map((socket) => datagramChannel(socket, { address, port: request.port }, request.peerMode, NEVER)))),
      );
    }
    const tls = request.type.startsWith('SSL') ? this.tls(request.id) : undefined;
    return this.network
      .connect({ host: request.host, port: request.port, window, family, ...(request.localPort ? { localPort: request.localPort } : {}), ...(tls ? { tls } : {}) })
      .pipe(map((socket) => this.stream(socket)));
  }

  /** The address itself, or what the name server says. */
  addressOf(host: string, family: 4 | 6): Observable<string> {
    return ipOf(host) !== undefined || isIp6(host) ? of(host) : this.network.resolve(host, family);
  }

  /** Puts a link into the table, says CONNECT and lets data in. */
  adopt(link: Link, spoken = true): void {
    this.links[link.id] = link;
    if (spoken) this.sayConnect(link);
    link.open();
  }

  /** AT+CIPCLOSE. */
  close(link: Link): void {
    const { linger } = this.board.get('tcp')[link.id] ?? { linger: -1 };
    this.remove(link, linger === 0);
    this.sayClosed(link);
  }

  ended(link: Link): void {
    if (link.closed) return;
    this.remove(link, false);
    if (this.transparent()) this.ends.next(link);
    else this.sayClosed(link);
  }

  /** The network under all links is gone. */
  abortAll(): void {
    for (const link of this.open) {
      this.remove(link, true);
      if (this.transparent()) this.ends.next(link);
      else this.sayClosed(link);
    }
  }

  /** A restart: sockets go, nothing is said. */
  shutdown(): void {
    this.stopServer();
    for (const link of this.open) this.remove(link, true);
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
        this.sayErrorNumber();
        return of(error());
      }),
    );
  }

  stopServer(): void {
    this.running?.listener.close();
    this.running = undefined;
  }

  sayClosed(link: Link): void {
    if (link.spoken) return;
    this.board.print(`${this.board.get('mux') === 1 ? `${link.id},` : ''}CLOSED\r\n`);
  }

  /** Settings of the receive mode changed: what waits may be printed or announced now. */
  pump(): void {
    for (const link of this.open) link.pump();
  }

  /** Emits when the stack gives a connection up. */
  private patience(ms: number): Observable<void> {
    return new Observable((subscriber) => this.board.after(ms, () => subscriber.next()));
  }

  private remove(link: Link, abort: boolean): void {
    if (this.links[link.id] === link) this.links[link.id] = undefined;
    link.shut(abort);
    this.wasLinked = true;
  }

  private sayConnect(link: Link): void {
    const { address, port } = link.channel.remote;
    if (this.board.profile.style.linkConn && (this.board.get('sysmsg') & 2) !== 0) {
      this.board.print(`+LINK_CONN:0,${link.id},"${link.type}",${link.server ? 1 : 0},"${address}",${port},${link.channel.localPort}\r\n`);
    } else this.board.print(`${this.board.get('mux') === 1 ? `${link.id},` : ''}CONNECT\r\n`);
  }

  /** A connection could not be had. */
  private refused(id: number): Outcome {
    const { connectFail } = this.board.profile.style;
    if (connectFail && this.board.get('mux') === 1) this.board.print(`${id},CONNECT FAIL\r\n`);
    this.sayErrorNumber();
    return error();
  }

  /** The number stands for any cause: ECONNRESET of lwIP, as for a refused connection. */
  private sayErrorNumber(): void {
    if (this.board.profile.style.errorNumbers && this.board.get('syslog') === 1) this.board.print('+ERRNO:0x68\r\n');
  }

  private stream(socket: NetworkSocket): Channel {
    const { remote } = socket;
    return streamChannel(socket, (source) => source.pipe(map((bytes) => ({ bytes, remote }))));
  }

  private tls(id: number): TlsOptions {
    const ssl = this.board.get('ssl')[id];
    if (!ssl) return { authMode: 0, pkiNumber: 0, caNumber: 0 };
    const key = new Uint8Array(ssl.psk.length);
    for (let at = 0; at < key.length; at += 1) key[at] = ssl.psk.charCodeAt(at);
    return {
      authMode: ssl.authMode,
      pkiNumber: ssl.pki,
      caNumber: ssl.ca,
      ...(ssl.serverName ? { serverName: ssl.serverName } : {}),
      ...(ssl.commonName ? { commonName: ssl.commonName } : {}),
      ...(ssl.alpn.length > 0 ? { alpn: ssl.alpn } : {}),
      ...(ssl.psk ? { psk: { key, hint: ssl.hint } } : {}),
    };
  }

  private serve(server: ServerState): void {
    this.running = server;
    this.board.keep(server.listener.connections.subscribe({ next: (socket) => this.accept(socket), error: () => this.stopServer() }));
    this.watchIdle();
  }

  private accept(socket: NetworkSocket): void {
    const id = this.freeId();
    const type = this.running?.type ?? 'TCP';
    if (id < 0 || this.open.filter((link) => link.server).length >= this.board.get('maxClients')) {
      // Over the limit a client is not accepted, and nothing is said.
      socket.destroy();
      return;
    }
    const channel = this.stream(socket);
    const link = new Link(this.board, this, id, type as LinkType, true, channel, channel.localPort);
    // What the firmware says of a client that comes in passthrough was not seen: as for links that are restored, nothing.
    this.adopt(link, !this.transparent());
    if (this.transparent()) this.begins.next(link);
  }

  /** AT+CIPSTO: server links without traffic are closed. */
  private watchIdle(): void {
    this.idleTimer?.unsubscribe();
    this.idleTimer = this.board.after(250, () => {
      const idle = this.board.get('idle');
      if (idle > 0) {
        for (const link of this.open) {
          if (link.server && this.board.now() - link.activeAt >= idle * 1000) {
            this.ended(link);
          }
        }
      }
      if (this.running || this.open.some((link) => link.server)) this.watchIdle();
    });
  }
}
