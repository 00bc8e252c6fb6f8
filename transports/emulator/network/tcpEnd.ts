import type { SchedulerLike } from 'rxjs';
import { ByteRing } from './byteRing.js';
import { Inbox } from './inbox.js';
import { NetworkError } from './network.js';
import { RoomSignal } from './roomSignal.js';

/** What travels between two ends. Byte counts are absolute: `received` since the start, `edge` up to where the other end may send. */
export type Packet =
  | { readonly kind: 'data'; readonly bytes: Uint8Array }
  | { readonly kind: 'ack'; readonly received: number; readonly edge: number }
  | { readonly kind: 'fin' | 'rst' | 'open' };

/** The way to the other end. */
export interface PacketLine {
  put(packet: Packet): void;
  /** Loses what is under way. */
  clear(): void;
}

export interface TcpEndOptions {
  readonly scheduler: SchedulerLike;
  readonly line: PacketLine;
  /** Receive window in bytes. */
  readonly window: number;
  /** The other end's receive window in bytes. */
  readonly peerWindow: number;
  /** Send buffer in bytes: holds what the other end has not acknowledged. */
  readonly sendBuffer: number;
  readonly segment: number;
  /** A host: the window opens as the reader gets a chunk, without `consumed`. */
  readonly consumes: boolean;
  /** The connection is over on this side. */
  readonly gone: () => void;
}

/** Byte counts of one sending side since the connection began. */
export interface SocketStats {
  /** Bytes taken by `send`. */
  readonly accepted: number;
  /** Bytes put on the way. */
  readonly sent: number;
  /** Bytes that reached the other end's receive window. */
  readonly acknowledged: number;
  /** Bytes of the other end handed to the reader or waiting for it. */
  readonly received: number;
  /** There is something to send and the other end's window is full: the sender is held back now. */
  readonly blocked: boolean;
  /** Milliseconds spent so, up to now. */
  readonly blockedFor: number;
  /** How often sending ran into the end of the window with more to send. */
  readonly windowFull: number;
}

/** One end of a TCP connection: exact windows, a bounded send buffer, half-close and reset. Nothing is emitted in the stack of its methods but `receive`. */
export class TcpEnd implements SocketStats {
  accepted = 0;
  sent = 0;
  acknowledged = 0;
  received = 0;
  blocked = false;
  windowFull = 0;
  private blockedSum = 0;
  private blockedSince = 0;
  private edge: number;
  private taken = 0;
  private receiving = false;
  private finWanted = false;
  private finSent = false;
  private peerFin = false;
  private dead = false;
  private readonly out: ByteRing;
  private readonly signal = new RoomSignal();
  readonly writable = this.signal.writable;
  readonly inbox: Inbox<Uint8Array>;

  constructor(private readonly options: TcpEndOptions) {
    this.edge = options.peerWindow;
    this.out = new ByteRing(options.sendBuffer);
    this.inbox = new Inbox((bytes) => {
      if (options.consumes) this.consumed(bytes.length);
    });
  }

  /** No packet acts on this end any more. */
  get over(): boolean {
    return this.dead;
  }

  get blockedFor(): number {
    return this.blockedSum + (this.blocked ? this.options.scheduler.now() - this.blockedSince : 0);
  }

  send(bytes: Uint8Array): number {
    if (this.dead || this.finWanted) return 0;
    const count = this.out.write(bytes, this.options.sendBuffer - (this.accepted - this.acknowledged));
    this.accepted += count;
    this.signal.sent(count === bytes.length);
    this.pump();
    return count;
  }

  consumed(bytes: number): void {
    this.taken = Math.min(this.received, this.taken + bytes);
    if (!this.receiving && !this.dead) this.acknowledge();
  }

  end(): void {
    if (this.finWanted || this.dead) return;
    this.finWanted = true;
    this.pump();
  }

  destroy(): void {
    if (this.dead) return;
    this.options.line.clear();
    this.options.line.put({ kind: 'rst' });
    this.inbox.abandon();
    this.die();
  }

  receive(packet: Packet): void {
    if (packet.kind === 'ack') this.acknowledged = Math.max(this.acknowledged, packet.received);
    if (this.dead) return;
    switch (packet.kind) {
      case 'data':
        this.receiving = true;
        this.received += packet.bytes.length;
        this.inbox.push(packet.bytes);
        this.receiving = false;
        // The reader may have destroyed the connection meanwhile.
        if (!this.over) this.acknowledge();
        this.refuseUnread();
        return;
      case 'ack':
        this.edge = Math.max(this.edge, packet.edge);
        this.pump();
        if (!this.over && this.accepted - this.acknowledged < this.options.sendBuffer) this.signal.room();
        return;
      case 'fin':
        this.peerFin = true;
        this.inbox.complete();
        this.checkOver();
        return;
      case 'rst':
        this.die();
        this.inbox.fail(new NetworkError('refused', 'connection reset by the peer'));
        return;
      case 'open':
        return;
    }
  }

  private acknowledge(): void {
    this.options.line.put({ kind: 'ack', received: this.received, edge: this.taken + this.options.window });
  }

  private pump(): void {
    if (this.dead) return;
    const before = this.sent;
    while (this.out.length > 0 && this.edge > this.sent) {
      const bytes = this.out.read(Math.min(this.options.segment, this.edge - this.sent));
      this.sent += bytes.length;
      this.options.line.put({ kind: 'data', bytes });
    }
    const blocked = this.out.length > 0;
    if (blocked && (!this.blocked || this.sent > before)) this.windowFull += 1;
    this.note(blocked);
    if (this.finWanted && !this.finSent && this.out.length === 0) {
      this.finSent = true;
      this.options.line.put({ kind: 'fin' });
      this.checkOver();
      this.options.scheduler.schedule(() => {
        this.refuseUnread();
      });
    }
  }

  private note(blocked: boolean): void {
    if (blocked === this.blocked) return;
    const now = this.options.scheduler.now();
    if (blocked) this.blockedSince = now;
    else this.blockedSum += now - this.blockedSince;
    this.blocked = blocked;
  }

  // lwIP resets a peer that sends to a socket which was closed, unread bytes included; here not before all that was sent is delivered.
  private refuseUnread(): void {
    if (this.dead || this.options.consumes || !this.finSent || this.inbox.hasReader || this.received === this.taken) return;
    this.options.line.put({ kind: 'rst' });
    this.inbox.abandon();
    this.die();
  }

  private checkOver(): void {
    if (this.finSent && this.peerFin) this.die();
  }

  private die(): void {
    if (this.dead) return;
    this.dead = true;
    this.note(false);
    this.out.clear();
    this.options.scheduler.schedule(() => {
      this.signal.complete();
      this.options.gone();
    });
  }
}
