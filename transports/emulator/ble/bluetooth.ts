import { Subscription } from 'rxjs';
import { Advertiser } from './advertiser.js';
import { AdvertScanner } from './advertScanner.js';
import type { BluetoothHost } from './bluetoothHost.js';
import { Blufi, type NetworkTaker } from './blufi.js';
import { GattServer } from './gattServer.js';
import { servicesOf, type GattTableService } from './gattTable.js';
import { HidDevice } from './hidDevice.js';
import { Initiator } from './initiator.js';
import { LinkSlots } from './linkSlots.js';
import { OwnAddresses } from './ownAddresses.js';
import { Pairing } from './pairing.js';
import type { AttributePlace, BleLink, BlePeer, PairingStep, SecurityParameters, Service } from './peer.js';
import { plainSecurity } from './quietPeer.js';
import type { Radio } from './radio.js';
import type { RadioProfile } from './radioProfile.js';

/** AT+BLEINIT: 0 off, 1 client, 2 server. */
export type BleRole = 0 | 1 | 2;

/** AT+BLESPP as values meet it. */
export interface ValueStream {
  /** A value came: true where it is of the stream, which prints it. */
  received(link: BleLink, place: AttributePlace, value: string): boolean;
}

/** Bluetooth LE of one boot of the module: its role, and what it tells the host of its connections. */
export class Bluetooth implements BlePeer {
  role: BleRole = 0;
  /** The first role is the role until the restart. */
  private fixed: BleRole = 0;
  security: SecurityParameters = plainSecurity;
  staticKey: number | undefined;
  /** AT+BLESPPCFG: services and characteristics to send by and to listen to. */
  sppPlaces: readonly [AttributePlace, AttributePlace] | undefined;
  /** AT+BLESPP is in force. */
  spp: ValueStream | undefined;
  /** AT+BLEHIDINIT and AT+BLUFI: each excludes the other and the roles. */
  readonly hid: HidDevice;
  readonly phones: Blufi;
  readonly addresses: OwnAddresses;
  readonly advertiser: Advertiser;
  readonly scanner: AdvertScanner;
  readonly initiator: Initiator;
  readonly links: LinkSlots;
  readonly server: GattServer;
  readonly pairings: Pairing;
  /** Values without an answer that are on their way. */
  readonly flying = new WeakMap<BleLink, number>();

  constructor(private readonly board: BluetoothHost, private readonly radio: Radio, table: readonly GattTableService[] | undefined, taker: NetworkTaker) {
    this.hid = new HidDevice(board, radio);
    this.phones = new Blufi(board, radio, taker);
    this.addresses = new OwnAddresses(radio);
    this.advertiser = new Advertiser(board, radio, this.addresses);
    this.scanner = new AdvertScanner(board, radio);
    this.initiator = new Initiator(board, radio, this.addresses);
    // Document 000 has connection 0 only; later releases take three.
    this.links = new LinkSlots(board.profile.release < 22 ? 1 : 3);
    this.server = new GattServer(() => board.get('bleName'), table && (() => servicesOf(table)));
    this.pairings = new Pairing(board, (link) => this.links.indexOf(link), this);
  }

  /** False where the role was another one before. */
  start(role: BleRole): boolean {
    if (role === this.role) return true;
    if (role === 0) {
      for (const [, link] of this.links.all) link.close();
      this.radio.off();
      this.links.clear();
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

  /** Starts HID or BluFi; false where another use of the radio is on. */
  offer(profile: RadioProfile): boolean {
    if (this.role !== 0 || [this.hid, this.phones].some((other) => other !== profile && other.on)) return false;
    profile.start();
    return true;
  }

  connected(link: BleLink): void {
    const central = link.isCentral(this);
    const index = central ? this.initiator.index : this.links.free;
    // Nobody waits for it any more, or there is no room.
    if (index === undefined || index < 0) return link.close();
    this.links.put(index, link);
    if (central) this.initiator.made(link);
    else this.board.say(`+BLECONN:${this.named(link)}\r\n`);
  }

  disconnected(link: BleLink): void {
    this.server.forget(link);
    const index = this.links.remove(link);
    if (index >= 0) this.board.say(`+BLEDISCONN:${this.named(link, index)}\r\n`);
  }

  whenRoom(run: () => void): void {
    this.board.whenRoom(run);
  }

  services(): readonly Service[] {
    return this.role === 2 ? this.server.visible() : [];
  }

  read(link: BleLink, place: AttributePlace): string | undefined {
    const value = this.server.read(link, place);
    if (value !== undefined && place.service > 2) this.board.say(`+READ:${this.named(link)}\r\n`);
    return value;
  }

  write(link: BleLink, place: AttributePlace, value: string): boolean {
    const done = this.server.write(link, place, value);
    const { service, characteristic, descriptor } = place;
    if (done && this.spp?.received(link, { ...place, service: service - 2 }, value)) return done;
    if (done && service > 2) this.board.say(`+WRITE:${this.links.indexOf(link)},${service - 2},${characteristic},${descriptor ?? ''},${value.length},${value}\r\n`);
    return done;
  }

  told(link: BleLink, place: AttributePlace, value: string, indicated: boolean): void {
    if (this.spp?.received(link, place, value)) return;
    const { service, characteristic } = place;
    this.board.say(`+${indicated ? 'INDICATE' : 'NOTIFY'}:${this.links.indexOf(link)},${service},${characteristic},${value.length},${value}\r\n`);
  }

  mtuChanged(link: BleLink): void {
    this.board.say(`+BLECFGMTU:${this.links.indexOf(link)},${link.mtu}\r\n`);
  }

  parametersChanged(link: BleLink): void {
    const events = Math.round(link.interval / 1.25);
    this.board.say(`+BLECONNPARAM:${this.links.indexOf(link)},${events},${events},${events},${link.latency},${link.timeout / 10}\r\n`);
  }

  pairing(link: BleLink, step: PairingStep): void {
    this.pairings.step(link, step);
  }

  /** Index and address, as lines begin with them. */
  private named(link: BleLink, index = this.links.indexOf(link)): string {
    return `${index},"${link.peerOf(this)}"`;
  }
}
