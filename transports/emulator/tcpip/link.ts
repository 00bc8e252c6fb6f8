import { Observable, Subscription } from 'rxjs';
import type { Board } from '../board.js';
import { ByteQueue } from '../byteQueue.js';
import type { NetworkEndpoint } from '../network/network.js';
import type { Channel } from './channel.js';

/** `+CIPSTATUS` calls them by these names. */
export type LinkType = 'TCP' | 'UDP' | 'SSL' | 'TCPv6' | 'UDPv6' | 'SSLv6';

/** What a link is told and asks of the table it stands in. */
export interface LinkTable {
  /** Data is written as it comes, without `+IPD`: CIPMODE=1. */
  raw(): boolean;
  /** The peer is gone and nothing is left to read. */
  ended(link: Link): void;
  /** Prints the CLOSED of a link. */
  sayClosed(link: Link): void;
}

interface Datagram { bytes: Uint8Array; readonly remote: NetworkEndpoint }

/** One of the module's five links: its receive buffer, how its data is announced or printed, and how bytes leave through it. */
export class Link {
  private readonly stream = new ByteQueue();
  private datagrams: Datagram[] = [];
  private buffered = 0;
  private announced = false;
  private finished = false;
  private printing = false;
  private announcing: Subscription | undefined;
  private readonly subscription = new Subscription();
  private readonly watchers = new Set<() => void>();
  /** The link is not in the table any more. */
  closed = false;
  /** CLOSED was printed already. */
  spoken = false;
  /** Milliseconds: bytes last went either way. */
  activeAt: number;

  constructor(
    private readonly board: Board,
    private readonly table: LinkTable,
    readonly id: number,
    readonly type: LinkType,
    /** Accepted by the module's server. */
    readonly server: boolean,
    readonly channel: Channel,
    /** The port AT+CIPSTATUS shows. */
    readonly shownPort: number,
  ) {
    this.activeAt = board.now();
  }

  /** Begins to take data; apart from the constructor, so that CONNECT is printed first. */
  open(): void {
    this.subscription.add(
      this.channel.incoming.subscribe({
        next: ({ bytes, remote }) => this.arrived(bytes, remote),
        error: () => this.end(),
        complete: () => this.end(),
      }),
    );
  }

  /** Bytes waiting to be read. */
  get length(): number {
    return this.buffered;
  }

  get passive(): boolean {
    return this.board.get('receive')[this.id] === 1 && (this.type === 'TCP' || !this.board.profile.style.passiveTcpOnly);
  }

  /** The receive mode changed, or the line has room again. */
  pump(): void {
    if (this.closed || this.printing) return;
    if (this.passive && !this.table.raw()) {
      if (this.buffered === 0 && this.finished) this.table.ended(this);
      else if (this.buffered > 0 && !this.finished) this.announceSoon();
      return;
    }
    if (this.buffered === 0) {
      if (this.finished) this.table.ended(this);
      return;
    }
    this.printing = true;
    this.board.after(this.board.timing.announce, () =>
      this.board.whenRoom(() => {
        this.printing = false;
        if (this.closed) return;
        this.printOne();
        this.pump();
      }),
    );
  }

  /** AT+CIPRECVDATA: at most `max` bytes, or undefined with nothing to read. */
  read(max: number): { readonly bytes: Uint8Array; readonly remote: NetworkEndpoint } | undefined {
    if (this.buffered === 0) return undefined;
    const taken = this.take(max, true);
    this.announced = false;
    this.announcing?.unsubscribe();
    this.announcing = undefined;
    return taken;
  }

  /** After the OK of a read: what is left is announced at once, or the held CLOSED comes. */
  afterRead(): void {
    if (this.closed) return;
    if (this.buffered > 0) this.announce();
    else if (this.finished) this.table.ended(this);
  }

  /** Hands bytes to the stack; emits true when all were taken, false when the link died or `patience` ms passed, and completes. */
  write(bytes: Uint8Array, patience: number, to?: NetworkEndpoint): Observable<boolean> {
    return new Observable<boolean>((subscriber) => {
      let rest = bytes;
      const finish = (sent: boolean): void => {
        subscriber.next(sent);
        subscriber.complete();
      };
      const push = (): void => {
        if (subscriber.closed) return;
        if (this.closed) return finish(false);
        this.activeAt = this.board.now();
        rest = rest.subarray(this.channel.send(rest, to));
        if (rest.length === 0) finish(true);
      };
      push();
      if (subscriber.closed) return undefined;
      const waiting = new Subscription();
      waiting.add(this.channel.writable.subscribe({ next: push, error: () => finish(false), complete: () => finish(false) }));
      waiting.add(this.whenGone(() => finish(false)));
      if (patience > 0) waiting.add(this.board.after(patience, () => finish(false)));
      return waiting;
    });
  }

  /** Leaves the table; `abort` resets the connection instead of ending it. */
  shut(abort: boolean): void {
    if (this.closed) return;
    this.closed = true;
    this.announcing?.unsubscribe();
    this.subscription.unsubscribe();
    if (abort) this.channel.destroy();
    else this.channel.end();
    for (const tell of this.watchers) tell();
  }

  private whenGone(tell: () => void): Subscription {
    this.watchers.add(tell);
    return new Subscription(() => this.watchers.delete(tell));
  }

  private arrived(bytes: Uint8Array, remote: NetworkEndpoint): void {
    this.activeAt = this.board.now();
    if (this.board.meet({ point: 'receive', link: this.id, length: bytes.length })?.do === 'close') {
      this.store(bytes, remote);
      return this.early();
    }
    this.channel.heard(remote);
    // UDP has no peer to hold back: what does not fit is lost.
    if (this.channel.datagrams && this.buffered + bytes.length > this.board.profile.limits.window) return;
    this.store(bytes, remote);
    if (this.board.profile.style.announcesGrowth) this.announced = false;
    this.pump();
  }

  /** A fault: CLOSED overtakes the data, which stays readable. */
  private early(): void {
    this.finished = true;
    this.announced = true;
    this.table.sayClosed(this);
    this.spoken = true;
  }

  private store(bytes: Uint8Array, remote: NetworkEndpoint): void {
    this.buffered += bytes.length;
    if (this.channel.datagrams) this.datagrams.push({ bytes, remote });
    else this.stream.push(bytes);
  }

  private end(): void {
    this.finished = true;
    this.pump();
  }

  private take(max: number, read: boolean): { bytes: Uint8Array; remote: NetworkEndpoint } {
    if (!this.channel.datagrams) {
      const bytes = this.stream.take(max, read);
      this.buffered -= bytes.length;
      this.channel.consumed(bytes.length);
      return { bytes, remote: this.channel.remote };
    }
    const first = this.datagrams[0] as Datagram;
    const bytes = first.bytes.subarray(0, max);
    // 2.x gives the rest of a datagram that was read in part to nobody.
    const lost = this.board.profile.style.datagramsWhole || bytes.length === first.bytes.length;
    this.buffered -= lost ? first.bytes.length : bytes.length;
    if (lost) this.datagrams.shift();
    else first.bytes = first.bytes.subarray(bytes.length);
    return { bytes, remote: first.remote };
  }

  private printOne(): void {
    if (this.buffered === 0 || (this.passive && !this.table.raw())) return;
    const { bytes, remote } = this.take(this.board.profile.limits.packet, false);
    if (this.table.raw()) {
      this.board.printBytes(bytes);
      return;
    }
    const id = this.board.get('mux') === 1 ? `${this.id},` : '';
    const { senderQuoted, packetTail } = this.board.profile.style;
    const quote = senderQuoted ? '"' : '';
    const from = this.board.get('remoteInfo') === 1 ? `,${quote}${remote.address}${quote},${remote.port}` : '';
    let data = '';
    for (let at = 0; at < bytes.length; at += 4096) data += String.fromCharCode(...bytes.subarray(at, at + 4096));
    this.board.print(`\r\n+IPD,${id}${bytes.length}${from}:${data}${packetTail}`);
  }

  private announceSoon(): void {
    if (this.announced || this.announcing) return;
    this.announcing = this.board.after(this.board.timing.announce, () => {
      this.announcing = undefined;
      // Data that came together with the FIN is never announced (2.0, 4.1, 4.2): only CIPRECVLEN shows it.
      if (this.finished || this.announced || this.buffered === 0 || !this.passive || this.table.raw()) return this.pump();
      this.announce();
    });
  }

  private announce(): void {
    this.announced = true;
    const action = this.board.meet({ point: 'announce', link: this.id });
    if (action?.do === 'drop') return;
    if (action?.do === 'close') return this.early();
    const id = this.board.get('mux') === 1 ? `${this.id},` : '';
    this.board.print(`\r\n+IPD,${id}${this.buffered}\r\n`);
  }
}
