import type { SchedulerLike } from 'rxjs';
import { ByteRing } from './byteRing.js';
import { Inbox } from './inbox.js';
import { NetworkError } from './network.js';
import type { Packet, PacketLine } from './packet.js';
import { RoomSignal } from './roomSignal.js';
import type { SocketStats } from './socketStats.js';
import { Stopwatch } from './stopwatch.js';

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

/** One end of a TCP connection: exact windows, a bounded send buffer, half-close and reset. Nothing is emitted in the stack of its methods but `receive`. */
export class TcpEnd implements SocketStats {
  accepted = 0;
  sent = 0;
  acknowledged = 0;
  received = 0;
  windowFull = 0;
  private edge: number;
  private taken = 0;
  private receiving = false;
  private finWanted = false;
  private finSent = false;
  private peerFin = false;
  private dead = false;
  private readonly out: ByteRing;
  private readonly held: Stopwatch;
  private readonly signal = new RoomSignal();
  readonly writable = this.signal.writable;
  readonly inbox: Inbox<Uint8Array>;

  constructor(private readonly options: TcpEndOptions) {
    this.edge = options.peerWindow;
    this.out = new ByteRing(options.sendBuffer);
    this.held = new Stopwatch(options.scheduler);
    this.inbox = new Inbox((bytes) => {
      if (options.consumes) this.consumed(bytes.length);
    });
  }

  /** No packet acts on this end any more. */
  get over(): boolean {
    return this.dead;
  }

  get blocked(): boolean {
    return this.held.running;
  }

  get blockedFor(): number {
    return this.held.total;
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
    this.held.run(blocked);
    if (this.finWanted && !this.finSent && this.out.length === 0) {
      this.finSent = true;
      this.options.line.put({ kind: 'fin' });
      this.checkOver();
      this.options.scheduler.schedule(() => {
        this.refuseUnread();
      });
    }
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
    this.held.run(false);
    this.out.clear();
    this.options.scheduler.schedule(() => {
      this.signal.complete();
      this.options.gone();
    });
  }
}
