import { asyncScheduler, type SchedulerLike, type Subscription } from 'rxjs';
import { seededRandom, type Random } from '../random.js';
import { AirLink } from './airLink.js';
import { Radio, type Place } from './radio.js';

/** How an air is made. */
export interface AirConfig {
  /** All timers. Default `asyncScheduler`; give it the scheduler of the modules. */
  readonly scheduler?: SchedulerLike;
  /** Seed of everything random: loss, advertising delay, signal strength. Default 1. */
  readonly seed?: number;
  /** Share of packets that are lost, 0 to 1 (not included). Adverts are gone, packets of a connection come later. Default 0. */
  readonly loss?: number;
  /** How far a radio reaches, in metres. Default 50. */
  readonly range?: number;
}

/** What two modules share when they hear each other's Bluetooth, LE and classic. */
export interface Air {
  /** Addresses of the radios, in the order in which they came. */
  readonly addresses: readonly string[];
  /**
   * Puts a radio somewhere else, in metres; without effect for an address that no radio has. Connections out of reach are lost after their supervision
   * timeout: 6 s, classic ones 20 s.
   */
  place(address: string, place: Place): void;
}

const nextAddress = (address: string): string => {
  const value = parseInt(address.replace(/:/g, '').slice(-6), 16);
  const tail = ((value + 4) & 0xffffff).toString(16).padStart(6, '0');
  return `${address.slice(0, 9)}${tail.slice(0, 2)}:${tail.slice(2, 4)}:${tail.slice(4)}`;
};

/** The medium: who hears whom, and when. */
export class AirMedium implements Air {
  readonly scheduler: SchedulerLike;
  private readonly random: Random;
  private readonly loss: number;
  private readonly range: number;
  private readonly radios: Radio[] = [];
  private readonly timers = new Map<Radio, Subscription>();
  private readonly links = new Set<AirLink>();
  private readonly watchers: ((radio: Radio) => void)[] = [];

  constructor({ scheduler = asyncScheduler, seed = 1, loss = 0, range = 50 }: AirConfig) {
    this.scheduler = scheduler;
    this.random = seededRandom(seed);
    this.loss = Math.min(Math.max(loss, 0), 0.99);
    this.range = range;
  }

  get addresses(): readonly string[] {
    return this.radios.map(({ address }) => address);
  }

  place(address: string, place: Place): void {
    const radio = this.radios.find((known) => known.address === address.toLowerCase());
    if (radio === undefined) return;
    radio.place = place;
    for (const link of this.links) if (link.joins(radio)) link.silence(undefined);
    for (const watch of this.watchers) watch(radio);
  }

  /** Tells of radios that stand somewhere else now. */
  whenMoved(watch: (radio: Radio) => void): void {
    this.watchers.push(watch);
  }

  /** A new radio. An address that is taken is moved on, as chips of one batch differ. */
  radio(address: string, place: Place): Radio {
    let free = address.toLowerCase();
    while (this.addresses.includes(free)) free = nextAddress(free);
    const radio = new Radio(free, place, () => this.tune(), (gone) => {
      for (const link of this.links) if (link.joins(gone)) link.silence(gone);
    });
    this.radios.push(radio);
    return radio;
  }

  lost(): boolean {
    return this.loss > 0 && this.random() < this.loss;
  }

  inRange(a: Radio, b: Radio): boolean {
    return this.distance(a, b) <= this.range;
  }

  private distance({ place: a }: Radio, { place: b }: Radio): number {
    return Math.hypot(a.x - b.x, a.y - b.y);
  }

  /** In dBm. */
  rssi(a: Radio, b: Radio): number {
    return Math.round(-45 - 20 * Math.log10(Math.max(1, this.distance(a, b))) + this.random() * 6 - 3);
  }

  /** Adverts cost time only while somebody listens. */
  private tune(): void {
    for (const radio of this.radios) {
      const heard = radio.advertising !== undefined && this.radios.some((other) => other !== radio && other.listening);
      if (!heard) {
        this.timers.get(radio)?.unsubscribe();
        this.timers.delete(radio);
      } else if (!this.timers.has(radio)) this.arm(radio, this.random() * 10);
    }
  }

  private arm(radio: Radio, delay: number): void {
    this.timers.set(radio, this.scheduler.schedule(() => {
      this.timers.delete(radio);
      this.advertise(radio);
      const { advertising } = radio;
      if (advertising === undefined || this.timers.has(radio)) return;
      const [min, max] = advertising.interval;
      this.arm(radio, min + this.random() * (max - min) + this.random() * 10);
      this.tune();
    }, delay));
  }

  private advertise(radio: Radio): void {
    for (const other of this.radios) {
      const { advertising } = radio;
      if (advertising === undefined) return;
      if (other === radio || !other.listening || !this.inRange(radio, other) || this.lost()) continue;
      const { initiating, scan } = other;
      const wanted = initiating?.address === advertising.address && initiating.addressType === advertising.addressType;
      if (wanted && advertising.connectable) this.connect(other, radio, advertising.address);
      else if (scan && (this.scheduler.now() - scan.since) % scan.interval < scan.window) {
        const answered = scan.active && advertising.scannable && !this.lost();
        scan.heard({ ...advertising, response: answered ? advertising.response : '', rssi: this.rssi(radio, other) });
      }
    }
  }

  private connect(central: Radio, peripheral: Radio, address: string): void {
    central.initiate(undefined);
    peripheral.advertise(undefined);
    if (!central.peer || !peripheral.peer) return;
    const [first, second] = [{ radio: central, peer: central.peer }, { radio: peripheral, peer: peripheral.peer }];
    const link = new AirLink(this, first, second, [central.ownAddress, address], (over) => this.links.delete(over));
    this.links.add(link);
  }
}

/** An air for `emulator({ air })`: the modules that have the same one hear each other. Nothing happens in it while no module uses Bluetooth. */
export const createAir = (config: AirConfig = {}): Air => new AirMedium(config);
