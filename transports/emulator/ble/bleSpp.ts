import { of, type Observable } from 'rxjs';
import { bytesOf, textOf } from '../format.js';
import { RawPhase } from '../rawPhase.js';
import { longest, property } from './attributes.js';
import type { Bluetooth, ValueStream } from './bluetooth.js';
import type { BluetoothHost } from './bluetoothHost.js';
import type { AttributePlace, BleLink, Characteristic } from './peer.js';

const tells = property.notify | property.indicate;
const takes = property.write | property.writeWithoutResponse;

const characteristicAt = (bluetooth: Bluetooth, link: BleLink, { service, characteristic }: AttributePlace): Characteristic | undefined => {
  if (bluetooth.role === 2) return bluetooth.server.find(service, characteristic);
  const { services, known } = bluetooth.links.discovery(link);
  return known.has(service) ? services?.[service - 1]?.characteristics[characteristic - 1] : undefined;
};

/** Whether AT+BLESPPCFG fits the role: a server tells and is written to, a client writes and is told. */
export const sppFits = (bluetooth: Bluetooth, link: BleLink, [tx, rx]: readonly [AttributePlace, AttributePlace]): boolean => {
  const [out, back] = bluetooth.role === 2 ? [tells, takes] : [takes, tells];
  const has = (place: AttributePlace, properties: number): boolean => ((characteristicAt(bluetooth, link, place)?.properties ?? 0) & properties) !== 0;
  return has(tx, out) && has(rx, back);
};

/** The raw phase of AT+BLESPP: a byte stream of the values of two characteristics. It outlives the connection; without one bytes are gone. */
export class BleSpp extends RawPhase implements ValueStream {
  private flying = 0;

  constructor(
    board: BluetoothHost,
    private readonly bluetooth: Bluetooth,
    private readonly places: readonly [AttributePlace, AttributePlace],
    left: () => void,
  ) {
    super(board, () => {
      bluetooth.spp = undefined;
      left();
    });
    bluetooth.spp = this;
  }

  received(link: BleLink, { service, characteristic, descriptor }: AttributePlace, value: string): boolean {
    const [, rx] = this.places;
    if (link !== this.link || descriptor !== undefined || service !== rx.service || characteristic !== rx.characteristic) return false;
    this.board.printBytes(bytesOf(value));
    return true;
  }

  protected deliver(): void {
    const { link } = this;
    if (!link) this.outgoing.clear();
    while (link && this.outgoing.length > 0 && this.flying < this.window(link)) {
      this.flying += 1;
      // A packet of the ATT protocol holds three bytes less than the MTU.
      const value = textOf(this.outgoing.take(Math.min(link.mtu - 3, longest)));
      this.board.follow(this.carry(link, value), () => {
        this.board.after(0, () => {
          this.flying -= 1;
          this.deliver();
        });
      });
    }
    this.guardInput();
  }

  /** Values on their way at a time: one where each is answered. */
  private window(link: BleLink): number {
    const properties = characteristicAt(this.bluetooth, link, this.places[0])?.properties ?? 0;
    return (properties & (property.writeWithoutResponse | property.notify)) !== 0 ? 8 : 1;
  }

  private get link(): BleLink | undefined {
    return this.bluetooth.links.all[0]?.[1];
  }

  /** One value over the air: emits once when the other side has it, or cannot have it. */
  private carry(link: BleLink, value: string): Observable<unknown> {
    const { bluetooth, places: [tx] } = this;
    const found = characteristicAt(bluetooth, link, tx);
    if (!found) return of(undefined);
    if (bluetooth.role === 1) {
      const silent = (found.properties & property.writeWithoutResponse) !== 0;
      return link.ask(bluetooth, value.length, silent ? 0 : 1, (peer) => peer.write(link, tx, value));
    }
    const indicated = !bluetooth.server.wanted(link, found, false);
    // Nobody asked to be told.
    if (indicated && !bluetooth.server.wanted(link, found, true)) return of(undefined);
    return link.ask(bluetooth, value.length, indicated ? 1 : 0, (peer) => peer.told(link, { ...tx, service: tx.service + 2 }, value, indicated));
  }
}
