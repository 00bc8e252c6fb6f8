import type { LinkMedium } from '../ble/airLink.js';
import type { Radio } from '../ble/radio.js';

/** Milliseconds of silence after which a connection is lost. */
export const supervision = 20_000;
/** Bytes that a packet of five slots carries each millisecond, with its answer. */
const rate = 200;
/** Slots that any packet and its answer take, in milliseconds. */
const turn = 1.25;

/** What a connection tells a profile. */
export interface LinkEnd {
  closed(): void;
}

/** A radio, and whoever has switched it on. */
interface LinkRadio { readonly half: Radio; readonly peer: object | undefined }

/** One side of a connection: the radio, who had switched it on, and the profile there. */
export interface Side<E> { readonly radio: LinkRadio; readonly owner: object; readonly end: E }

/** A connection of one profile: packets go one after the other, and again until they are there. */
export class ClassicLink<E extends LinkEnd> {
  private alive = true;
  private readonly packets: { readonly bytes: number; readonly run: () => void }[] = [];
  private carrying = false;

  constructor(private readonly medium: LinkMedium, private readonly sides: readonly [Side<E>, Side<E>], private readonly over: () => void) {}

  joins(radio: LinkRadio): boolean {
    return this.sides.some((side) => side.radio === radio);
  }

  /** Tells the other side: `at` runs there when so many bytes were carried. */
  tell(me: E, bytes: number, at: (end: E) => void): void {
    const other = this.sides[0].end === me ? this.sides[1] : this.sides[0];
    this.carry(bytes, () => at(other.end));
  }

  /** Ends it in order: both sides know when what was told before has arrived. */
  close(): void {
    this.carry(1, () => this.end(this.sides));
  }

  /** Ends it now, for both sides. */
  cut(): void {
    this.end(this.sides);
  }

  /** A side is gone or out of range: who is left finds out when the timeout has passed. */
  silence(): void {
    this.medium.scheduler.schedule(() => {
      if (!this.reaches) this.end(this.sides.filter(({ radio, owner }) => radio.peer === owner));
    }, supervision);
  }

  private get reaches(): boolean {
    const [{ radio: a }, { radio: b }] = this.sides;
    return this.sides.every(({ radio, owner }) => radio.peer === owner) && this.medium.inRange(a.half, b.half);
  }

  private end(sides: readonly Side<E>[]): void {
    if (!this.alive) return;
    this.alive = false;
    this.over();
    for (const { end } of sides) end.closed();
  }

  private carry(bytes: number, run: () => void): void {
    if (!this.alive) return;
    this.packets.push({ bytes, run });
    if (!this.carrying) this.next();
  }

  private next(): void {
    const packet = this.packets.shift();
    this.carrying = packet !== undefined;
    if (!packet) return;
    let tries = 1;
    while (tries < 1000 && this.medium.lost()) tries += 1;
    this.arrive(packet.run, tries * (turn + packet.bytes / rate));
  }

  /** Out of reach it is sent again, until the connection is given up. */
  private arrive(run: () => void, delay: number): void {
    this.medium.scheduler.schedule(() => {
      if (!this.alive) return;
      if (!this.reaches) return this.arrive(run, 100);
      run();
      this.next();
    }, delay);
  }
}
