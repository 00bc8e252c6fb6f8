import { hex } from '../format.js';
import type { BlePeer } from './peer.js';

/** The Bluetooth address that a chip makes of its station's: two more. */
export const bluetoothMac = (stationMac: string): string => stationMac.slice(0, -2) + hex((parseInt(stationMac.slice(-2), 16) + 2) & 0xff, 2);

/** Where a radio stands, in metres. */
export interface Place { readonly x: number; readonly y: number }

/** What an advertiser sends. */
export interface Advertisement {
  readonly address: string;
  /** 0 public, 1 random. */
  readonly addressType: number;
  readonly connectable: boolean;
  readonly scannable: boolean;
  /** Hex digits, lower case. */
  readonly data: string;
  readonly response: string;
  /** Milliseconds between two adverts, at least and at most; up to 10 ms of advertising delay come on top. */
  readonly interval: readonly [number, number];
}

/** An advert as a scanner hears it. */
export interface Heard extends Advertisement { readonly rssi: number }

/** A scan: for `window` of every `interval` milliseconds the receiver is on. */
export interface Scan { readonly interval: number; readonly window: number; readonly active: boolean; readonly since: number; readonly heard: (advert: Heard) => void }

/** A connection being made: to whom. */
export interface Initiation { readonly address: string; readonly addressType: number }

/** One Bluetooth LE radio. What it does is set here; the air acts on it. */
export class Radio {
  private advertisement: Advertisement | undefined;
  private scanning: Scan | undefined;
  private initiation: Initiation | undefined;
  /** Whose radio it is while it is on. */
  peer: BlePeer | undefined;
  /** What it calls itself: its address, or a random one. */
  ownAddress: string;

  /** `address` is the public one. */
  constructor(readonly address: string, public place: Place, private readonly changed: () => void, private readonly left: (radio: Radio) => void) {
    this.ownAddress = address;
  }

  get advertising(): Advertisement | undefined {
    return this.advertisement;
  }

  get scan(): Scan | undefined {
    return this.scanning;
  }

  get initiating(): Initiation | undefined {
    return this.initiation;
  }

  get listening(): boolean {
    return this.scanning !== undefined || this.initiation !== undefined;
  }

  advertise(advertisement: Advertisement | undefined): void {
    this.advertisement = advertisement;
    this.changed();
  }

  listen(scan: Scan | undefined): void {
    this.scanning = scan;
    this.changed();
  }

  initiate(initiation: Initiation | undefined): void {
    this.initiation = initiation;
    this.changed();
  }

  /** Off at once, without a word to anybody. */
  off(): void {
    const { peer } = this;
    this.peer = undefined;
    this.advertisement = undefined;
    this.scanning = undefined;
    this.initiation = undefined;
    this.ownAddress = this.address;
    if (peer) this.left(this);
    this.changed();
  }
}
