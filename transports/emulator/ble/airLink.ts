import { Observable, Subject, take, type SchedulerLike } from 'rxjs';
import type { BleLink, BlePeer } from './peer.js';
import type { Radio } from './radio.js';

/** What a connection needs of the air. */
export interface LinkMedium {
  readonly scheduler: SchedulerLike;
  /** Whether this packet is lost. */
  lost(): boolean;
  inRange(a: Radio, b: Radio): boolean;
}

interface Side { readonly radio: Radio; readonly peer: BlePeer }

/** What waits for its connection events: packets still to send, and what it does on arrival. */
interface Message { packets: number; readonly run: () => void }

/** A connection of two radios: packets go with the connection events, in order, and are repeated when lost. */
export class AirLink implements BleLink {
  interval = 30;
  latency = 0;
  timeout = 6000;
  mtu = 23;
  dataLength = 27;
  private alive = true;
  private readonly messages: Message[] = [];
  private readonly ended = new Subject<undefined>();

  constructor(
    private readonly medium: LinkMedium,
    private readonly central: Side,
    private readonly peripheral: Side,
    /** Those that the two sides used: central's, peripheral's. */
    private readonly addresses: readonly [string, string],
    private readonly over: (link: AirLink) => void,
  ) {
    medium.scheduler.schedule(() => {
      if (!this.alive) return;
      central.peer.connected(this);
      peripheral.peer.connected(this);
    }, this.interval);
  }

  get open(): boolean {
    return this.alive;
  }

  joins(radio: Radio): boolean {
    return this.central.radio === radio || this.peripheral.radio === radio;
  }

  peerOf(me: BlePeer): string {
    return this.isCentral(me) ? this.addresses[1] : this.addresses[0];
  }

  isCentral(me: BlePeer): boolean {
    return this.central.peer === me;
  }

  ask<T>(me: BlePeer, there: number, back: number, at: (peer: BlePeer) => T): Observable<T | undefined> {
    return new Observable<T | undefined>((subscriber) => {
      if (!this.alive) {
        subscriber.next(undefined);
        subscriber.complete();
        return undefined;
      }
      this.carry(there, () => {
        const { peer } = this.other(me);
        const answer = at(peer);
        const answered = (): void => {
          subscriber.next(answer);
          subscriber.complete();
        };
        peer.whenRoom(() => (back === 0 ? answered() : this.carry(back, answered)));
      });
      return this.ended.pipe(take(1)).subscribe(subscriber);
    });
  }

  tell(me: BlePeer, bytes: number, at: (peer: BlePeer) => void): void {
    if (this.alive) this.carry(bytes, () => at(this.other(me).peer));
  }

  /** Ends it in order: both sides know with the next connection event. */
  close(): void {
    this.carry(1, () => this.end([this.central, this.peripheral]));
  }

  /** A side is gone or out of range: who is left finds out when the timeout has passed. */
  silence(gone: Radio | undefined): void {
    this.medium.scheduler.schedule(() => {
      if (!this.alive) return;
      if (gone === undefined && this.medium.inRange(this.central.radio, this.peripheral.radio)) return;
      this.end([this.central, this.peripheral].filter(({ radio }) => radio !== gone));
    }, this.timeout);
  }

  private other(me: BlePeer): Side {
    return this.isCentral(me) ? this.peripheral : this.central;
  }

  private end(sides: readonly Side[]): void {
    if (!this.alive) return;
    this.alive = false;
    this.over(this);
    for (const { radio, peer } of sides) if (radio.peer === peer) peer.disconnected(this);
    this.ended.next(undefined);
    this.ended.complete();
  }

  private carry(bytes: number, run: () => void): void {
    // L2CAP and ATT add seven bytes.
    this.messages.push({ packets: Math.ceil((bytes + 7) / this.dataLength), run });
    if (this.messages.length === 1) this.meet();
  }

  /** The next connection event: messages go in order while it has room; a lost packet ends it, and is sent again with the next one. */
  private meet(): void {
    this.medium.scheduler.schedule(() => {
      if (!this.alive) return;
      let room = this.reaches ? this.room : 0;
      for (let waiting = this.messages.length; waiting > 0 && room > 0 && !this.medium.lost(); waiting -= 1) {
        const message = this.messages[0] as Message;
        const sent = Math.min(room, message.packets);
        room -= sent;
        message.packets -= sent;
        if (message.packets > 0) break;
        message.run();
        this.messages.shift();
        if (!this.open) return;
      }
      if (this.messages.length > 0) this.meet();
    }, this.interval);
  }

  /** Packets of a connection event: at 1 Mbit/s each takes its bytes and 14 of overhead, an empty answer of ten, and 150 us after either. */
  private get room(): number {
    return Math.max(1, Math.floor((this.interval * 1000) / ((this.dataLength + 14 + 10) * 8 + 300)));
  }

  /** Both sides are on, and near enough. */
  private get reaches(): boolean {
    const { central, peripheral } = this;
    return [central, peripheral].every(({ radio, peer }) => radio.peer === peer) && this.medium.inRange(central.radio, peripheral.radio);
  }
}
