import { Subject, Subscription, type Observable } from 'rxjs';
import type { Board } from '../board.js';
import type { NetworkEndpoint } from '../network/network.js';
import type { Channel } from './channel.js';
import { handOver, type Outlet } from './handOver.js';
import { announcement, dataLine } from './ipd.js';
import type { LinkType } from './openRequest.js';
import { ReceiveBuffer, type Received } from './receiveBuffer.js';

/** What a link is told and asks of the table it stands in. */
export interface LinkTable {
  /** Data is written as it comes, without `+IPD`: CIPMODE=1. */
  raw(): boolean;
  /** The peer is gone and nothing is left to read. */
  ended(link: Link): void;
  /** Prints the CLOSED of a link. */
  sayClosed(link: Link): void;
}

/** One of the module's five links: when what it receives is announced or printed, and when it ends. */
export class Link implements Outlet {
  private readonly buffer: ReceiveBuffer;
  private announced = false;
  private finished = false;
  private printing = false;
  private announcing: Subscription | undefined;
  private readonly subscription = new Subscription();
  private readonly goneSubject = new Subject<void>();
  readonly gone: Observable<void> = this.goneSubject.asObservable();
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
    this.buffer = new ReceiveBuffer(channel);
  }

  /** Begins to take data; apart from the constructor, so that CONNECT is printed first. */
  open(): void {
    const end = (): void => this.end();
    this.subscription.add(this.channel.incoming.subscribe({ next: (received) => this.arrived(received), error: end, complete: end }));
  }

  /** Bytes waiting to be read. */
  get length(): number {
    return this.buffer.length;
  }

  get passive(): boolean {
    return this.board.get('receive')[this.id] === 1 && (this.type === 'TCP' || !this.board.profile.style.passiveTcpOnly);
  }

  /** The receive mode changed, or the line has room again. */
  pump(): void {
    if (this.closed || this.printing) return;
    if (this.passive && !this.table.raw()) {
      if (this.length === 0 && this.finished) this.table.ended(this);
      else if (this.length > 0 && !this.finished) this.announceSoon();
      return;
    }
    if (this.length === 0) {
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
  read(max: number): Received | undefined {
    if (this.length === 0) return undefined;
    const taken = this.buffer.take(max, true);
    this.announced = false;
    this.announcing?.unsubscribe();
    this.announcing = undefined;
    return taken;
  }

  /** After the OK of a read: what is left is announced at once, or the held CLOSED comes. */
  afterRead(): void {
    if (this.closed) return;
    if (this.length > 0) this.announce();
    else if (this.finished) this.table.ended(this);
  }

  /** Cold. Hands bytes to the stack; emits true when all were taken, false when the link died or `patience` ms passed, and completes. */
  write(bytes: Uint8Array, patience: number, to?: NetworkEndpoint): Observable<boolean> {
    return handOver(this.board, this, bytes, patience, to);
  }

  used(): void {
    this.activeAt = this.board.now();
  }

  /** Leaves the table; `abort` resets the connection instead of ending it. */
  shut(abort: boolean): void {
    if (this.closed) return;
    this.closed = true;
    this.announcing?.unsubscribe();
    this.subscription.unsubscribe();
    if (abort) this.channel.destroy();
    else this.channel.end();
    this.goneSubject.next();
  }

  private arrived(received: Received): void {
    const { length } = received.bytes;
    this.used();
    if (this.board.meet({ point: 'receive', link: this.id, length })?.do === 'close') {
      this.buffer.store(received);
      return this.early();
    }
    this.channel.heard(received.remote);
    // UDP has no peer to hold back: what does not fit is lost.
    if (this.channel.datagrams && this.length + length > this.board.profile.limits.window) return;
    this.buffer.store(received);
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

  private end(): void {
    this.finished = true;
    this.pump();
  }

  private printOne(): void {
    if (this.length === 0 || (this.passive && !this.table.raw())) return;
    const received = this.buffer.take(this.board.profile.limits.packet, false);
    if (this.table.raw()) this.board.printBytes(received.bytes);
    else this.board.print(dataLine(this.board, this.id, received));
  }

  private announceSoon(): void {
    if (this.announced || this.announcing) return;
    const waiting = this.length;
    this.announcing = this.board.after(this.board.timing.announce, () => {
      this.announcing = undefined;
      // Data that came together with the FIN is never announced (2.0, 4.1, 4.2): only CIPRECVLEN shows it.
      if (this.finished || this.announced || this.length === 0 || !this.passive || this.table.raw()) return this.pump();
      // Of datagrams the one is counted that came first (a later release, issue 994 of esp-at): what comes behind it before a read is not.
      this.announce(this.channel.datagrams ? waiting : this.length);
    });
  }

  private announce(length = this.length): void {
    this.announced = true;
    const action = this.board.meet({ point: 'announce', link: this.id });
    if (action?.do === 'drop') return;
    if (action?.do === 'close') return this.early();
    this.board.print(announcement(this.board, this.id, length));
  }
}
