import { defer, of, Subject, Subscription, take, tap, type Observable } from 'rxjs';
import { hexOf } from './advertising.js';
import type { BluetoothHost } from './bluetoothHost.js';
import type { GattServer } from './gattServer.js';
import type { AttributePlace, BleLink, Service } from './peer.js';
import { QuietPeer } from './quietPeer.js';
import type { Radio } from './radio.js';

/** A use of the radio that excludes GATT commands: advertises by itself, and takes one central at a time. */
export abstract class RadioProfile extends QuietPeer {
  on = false;
  /** The central that is connected. */
  protected central: BleLink | undefined;
  protected abstract readonly server: GattServer;
  private readonly gone = new Subject<void>();

  constructor(protected readonly board: BluetoothHost, private readonly radio: Radio) {
    super();
  }

  /** A central is connected. */
  get taken(): boolean {
    return this.central !== undefined;
  }

  start(): void {
    if (this.on) return;
    this.on = true;
    this.radio.peer = this;
    this.server.create();
    this.advertise();
    this.board.keep(new Subscription(() => this.radio.off()));
  }

  /** Cold. Disconnects in order and leaves the air; emits once. */
  stop(): Observable<unknown> {
    return defer(() => {
      const { central } = this;
      this.on = false;
      this.radio.advertise(undefined);
      central?.close();
      return central ? this.gone.pipe(take(1)) : of(undefined);
    }).pipe(tap(() => this.radio.off()));
  }

  connected(link: BleLink): void {
    if (!this.on) return link.close();
    this.central = link;
    this.came();
  }

  disconnected(link: BleLink): void {
    if (link !== this.central) return;
    this.central = undefined;
    this.server.forget(link);
    this.went();
    if (this.on) this.advertise();
    this.gone.next();
  }

  whenRoom(run: () => void): void {
    this.board.whenRoom(run);
  }

  services(): readonly Service[] {
    return this.server.visible();
  }

  read(link: BleLink, place: AttributePlace): string | undefined {
    return this.server.read(link, place);
  }

  write(link: BleLink, place: AttributePlace, value: string): boolean {
    return this.server.write(link, place, value);
  }

  told(): void {
    // It asks for nothing.
  }

  /** The advert as hex digits. */
  protected abstract advert(): string;
  /** Says that a central is there, and that it is gone. */
  protected abstract came(): void;
  protected abstract went(): void;

  private advertise(): void {
    const { address } = this.radio;
    this.radio.advertise({ address, addressType: 0, connectable: true, scannable: false, response: '', interval: [160, 160], data: this.advert() });
  }
}

/** A structure of an advert: type and bytes, as hex digits. */
export const advertPart = (type: string, bytes: string): string => hexOf(String.fromCharCode(bytes.length + 1)) + type + hexOf(bytes);
