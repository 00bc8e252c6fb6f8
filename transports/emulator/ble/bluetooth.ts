import { Observable, Subject, Subscription } from 'rxjs';
import type { BluetoothHost } from './bluetoothHost.js';
import { Blufi, type NetworkTaker } from './blufi.js';
import { composeAdvert } from './advertising.js';
import { GattServer } from './gattServer.js';
import { servicesOf, type GattTableService } from './gattTable.js';
import { HidDevice } from './hidDevice.js';
import { Pairing } from './pairing.js';
import type { AttributePlace, BleLink, BlePeer, PairingStep, SecurityParameters, Service } from './peer.js';
import { plainSecurity } from './quietPeer.js';
import type { Heard, Radio, Scan } from './radio.js';
import type { RadioProfile } from './radioProfile.js';

/** AT+BLEINIT: 0 off, 1 client, 2 server. */
export type BleRole = 0 | 1 | 2;

/** AT+BLESPP as values meet it. */
export interface ValueStream {
  /** A value came: true where it is of the stream, which prints it. */
  received(link: BleLink, place: AttributePlace, value: string): boolean;
}

/** What a client knows of the server at the other end. */
export interface Discovery {
  services: readonly Service[] | undefined;
  readonly known: Set<number>;
}

/** Bluetooth LE of one boot of the module. */
export class Bluetooth implements BlePeer {
  role: BleRole = 0;
  /** The first role is the role until the restart. */
  private fixed: BleRole = 0;
  /** AT+BLEADDR: the random address, or none. */
  randomAddress: string | undefined;
  security: SecurityParameters = plainSecurity;
  staticKey: number | undefined;
  /** AT+BLESPPCFG: services and characteristics to send by and to listen to. */
  sppPlaces: readonly [AttributePlace, AttributePlace] | undefined;
  /** AT+BLESPP is in force. */
  spp: ValueStream | undefined;
  /** AT+BLEHIDINIT and AT+BLUFI: each excludes the other and the roles. */
  readonly hid: HidDevice;
  readonly phones: Blufi;
  readonly server: GattServer;
  readonly pairings: Pairing;
  /** Values without an answer that are on their way. */
  readonly flying = new WeakMap<BleLink, number>();
  private readonly slots: (BleLink | undefined)[];
  private readonly discoveries = new Map<BleLink, Discovery>();
  private readonly madeSubject = new Subject<BleLink>();
  private initiatingAs: number | undefined;

  constructor(private readonly board: BluetoothHost, private readonly radio: Radio, table: readonly GattTableService[] | undefined, taker: NetworkTaker) {
    // Document 000 has connection 0 only; later releases take three.
    this.slots = board.profile.release < 22 ? [undefined] : [undefined, undefined, undefined];
    this.hid = new HidDevice(board, radio);
    this.phones = new Blufi(board, radio, taker);
    this.server = new GattServer(() => board.get('bleName'), table && (() => servicesOf(table)));
    this.pairings = new Pairing(board, (link) => this.indexOf(link), this);
  }

  /** The public address. */
  get address(): string {
    return this.radio.address;
  }

  get connections(): readonly (readonly [number, BleLink])[] {
    return [...this.slots.entries()].flatMap(([index, link]) => (link ? [[index, link] as const] : []));
  }

  /** Whether a connection can have the index. */
  has(index: number): boolean {
    return index < this.slots.length;
  }

  link(index: number): BleLink | undefined {
    return this.slots[index];
  }

  discovery(link: BleLink): Discovery {
    const found = this.discoveries.get(link) ?? { services: undefined, known: new Set<number>() };
    this.discoveries.set(link, found);
    return found;
  }

  /** False where the role was another one before. */
  start(role: BleRole): boolean {
    if (role === this.role) return true;
    if (role === 0) {
      for (const [, link] of this.connections) link.close();
      this.radio.off();
      this.slots.fill(undefined);
      this.role = 0;
      return true;
    }
    if (this.hid.on || this.phones.on || this.role !== 0 || (this.fixed !== 0 && this.fixed !== role)) return false;
    this.fixed = role;
    this.role = role;
    this.radio.peer = this;
    this.board.keep(new Subscription(() => this.radio.off()));
    return true;
  }

  advertise(): void {
    const { type, ownAddress, min, max } = this.board.get('bleAdvertising');
    const content = this.board.get('bleContent');
    const random = ownAddress === 1 ? this.randomAddress : undefined;
    this.radio.advertise({
      address: random ?? this.address, addressType: random === undefined ? 0 : 1, connectable: type === 0, scannable: type !== 3,
      // Document 000 §5.10: without data zeros are sent.
      data: content === undefined ? '00'.repeat(31) : 'raw' in content ? content.raw : composeAdvert(content),
      response: this.board.get('bleResponse'),
      interval: [min * 0.625, Math.max(min, max) * 0.625],
    });
  }

  /** Starts HID or BluFi; false where another use of the radio is on. */
  offer(profile: RadioProfile): boolean {
    if (this.role !== 0 || [this.hid, this.phones].some((other) => other !== profile && other.on)) return false;
    profile.start();
    return true;
  }

  /** New settings go out with the next advert. */
  refresh(): void {
    if (this.radio.advertising) this.advertise();
  }

  stopAdvertising(): void {
    this.radio.advertise(undefined);
  }

  get scanning(): boolean {
    return this.radio.scan !== undefined;
  }

  scan(heard: (advert: Heard) => void): Scan {
    const { interval, window, type } = this.board.get('bleScan');
    const scan: Scan = { interval: interval * 0.625, window: window * 0.625, active: type === 1, since: this.board.now(), heard };
    this.radio.listen(scan);
    return scan;
  }

  isCurrent(scan: Scan): boolean {
    return this.radio.scan === scan;
  }

  stopScanning(): void {
    this.radio.listen(undefined);
  }

  /** Cold. Makes a connection with an advertiser: emits it, or `undefined` after `patience` ms; completes. Unsubscribing stops trying. */
  connect(index: number, address: string, addressType: number, patience: number): Observable<BleLink | undefined> {
    return new Observable((subscriber) => {
      this.initiatingAs = index;
      const own = this.board.get('bleScan').ownAddress;
      this.radio.ownAddress = (own & 1) === 1 && this.randomAddress !== undefined ? this.randomAddress : this.address;
      const done = (link: BleLink | undefined): void => {
        subscriber.next(link);
        subscriber.complete();
      };
      subscriber.add(this.madeSubject.subscribe({ next: done, error: (cause: unknown) => subscriber.error(cause) }));
      subscriber.add(this.board.after(patience, () => done(undefined)));
      this.radio.initiate({ address, addressType });
      return () => {
        this.initiatingAs = undefined;
        this.radio.initiate(undefined);
      };
    });
  }

  get connecting(): boolean {
    return this.initiatingAs !== undefined;
  }

  connected(link: BleLink): void {
    const index = link.isCentral(this) ? this.initiatingAs : this.slots.indexOf(undefined);
    // Nobody waits for it any more, or there is no room.
    if (index === undefined || index < 0) return link.close();
    this.slots[index] = link;
    if (link.isCentral(this)) this.madeSubject.next(link);
    else this.board.say(`+BLECONN:${index},"${link.peerOf(this)}"\r\n`);
  }

  disconnected(link: BleLink): void {
    const index = this.slots.indexOf(link);
    this.server.forget(link);
    this.discoveries.delete(link);
    if (index < 0) return;
    this.slots[index] = undefined;
    this.board.say(`+BLEDISCONN:${index},"${link.peerOf(this)}"\r\n`);
  }

  whenRoom(run: () => void): void {
    this.board.whenRoom(run);
  }

  services(): readonly Service[] {
    return this.role === 2 ? this.server.visible() : [];
  }

  read(link: BleLink, place: AttributePlace): string | undefined {
    const value = this.server.read(link, place);
    if (value !== undefined && place.service > 2) this.board.say(`+READ:${this.indexOf(link)},"${link.peerOf(this)}"\r\n`);
    return value;
  }

  write(link: BleLink, place: AttributePlace, value: string): boolean {
    const done = this.server.write(link, place, value);
    const { service, characteristic, descriptor } = place;
    if (done && this.spp?.received(link, { ...place, service: service - 2 }, value)) return done;
    if (done && service > 2) this.board.say(`+WRITE:${this.indexOf(link)},${service - 2},${characteristic},${descriptor ?? ''},${value.length},${value}\r\n`);
    return done;
  }

  told(link: BleLink, place: AttributePlace, value: string, indicated: boolean): void {
    if (this.spp?.received(link, place, value)) return;
    const { service, characteristic } = place;
    this.board.say(`+${indicated ? 'INDICATE' : 'NOTIFY'}:${this.indexOf(link)},${service},${characteristic},${value.length},${value}\r\n`);
  }

  mtuChanged(link: BleLink): void {
    this.board.say(`+BLECFGMTU:${this.indexOf(link)},${link.mtu}\r\n`);
  }

  parametersChanged(link: BleLink): void {
    const events = Math.round(link.interval / 1.25);
    this.board.say(`+BLECONNPARAM:${this.indexOf(link)},${events},${events},${events},${link.latency},${link.timeout / 10}\r\n`);
  }

  pairing(link: BleLink, step: PairingStep): void {
    this.pairings.step(link, step);
  }

  private indexOf(link: BleLink): number {
    return this.slots.indexOf(link);
  }
}
