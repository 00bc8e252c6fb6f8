import { characteristic, longest, property, service } from './attributes.js';
import type { AttributePlace, BleLink, Characteristic, Descriptor, Service } from './peer.js';

/** The table of the flashed service bin: document 000 §6. */
const flashed = (): Service =>
  service('A002', [
    characteristic('C300', property.read, '0', '2901'),
    characteristic('C301', property.read, '0', '2901'),
    characteristic('C302', property.write, '', '2901'),
    characteristic('C303', property.writeWithoutResponse, '', '2901'),
    characteristic('C304', property.write),
    characteristic('C305', property.notify, '', '2902'),
    characteristic('C306', property.indicate, '', '2902'),
  ], false);

/** The services of a server: those of its table, the flashed one for AT+BLEGATTSSRVCRE, once they are created, behind the two every server has. */
export class GattServer {
  private own: readonly Service[] = [];
  private readonly standing: readonly Service[];
  /** What each client has switched on: the value of 0x2902 is its own. */
  private readonly configured = new Map<BleLink, Map<Descriptor, string>>();

  constructor(name: () => string, private readonly table: () => readonly Service[] = () => [flashed()]) {
    const called = characteristic('2A00', property.read);
    Object.defineProperty(called, 'value', { get: name });
    this.standing = [
      service('1801', [characteristic('2A05', property.indicate, '', '2902')]),
      service('1800', [called, characteristic('2A01', property.read, '\0\0'), characteristic('2AA6', property.read, '\0')]),
    ];
  }

  get services(): readonly Service[] {
    return this.own;
  }

  /** A table that is created again starts anew. */
  create(): void {
    this.own = this.table();
  }

  /** What a client finds: two services more than the server counts. */
  visible(): readonly Service[] {
    return [...this.standing, ...this.own.filter(({ started }) => started)];
  }

  forget(link: BleLink): void {
    this.configured.delete(link);
  }

  /** A characteristic of the server's own count. */
  find(index: number, at: number): Characteristic | undefined {
    const found = this.own[index - 1];
    return found?.started ? found.characteristics[at - 1] : undefined;
  }

  read(link: BleLink, place: AttributePlace): string | undefined {
    const { found, descriptor } = this.seen(place);
    if (place.descriptor !== undefined) return descriptor && (this.configured.get(link)?.get(descriptor) ?? descriptor.value);
    return found && (found.properties & property.read) !== 0 ? found.value : undefined;
  }

  write(link: BleLink, place: AttributePlace, value: string): boolean {
    const { found, descriptor } = this.seen(place);
    if (!found || value.length > longest) return false;
    if (place.descriptor !== undefined) {
      // Only the client's configuration is the client's to write.
      if (descriptor?.uuid !== '2902' || value.length !== 2) return false;
      const mine = this.configured.get(link) ?? new Map<Descriptor, string>();
      this.configured.set(link, mine.set(descriptor, value));
      return true;
    }
    if ((found.properties & (property.write | property.writeWithoutResponse)) === 0) return false;
    found.value = value;
    return true;
  }

  /** Whether this client wants to be told: bit 0 of 0x2902 notifies, bit 1 indicates. */
  wanted(link: BleLink, { properties, descriptors }: Characteristic, indicated: boolean): boolean {
    const descriptor = descriptors.find(({ uuid }) => uuid === '2902');
    const value = descriptor && this.configured.get(link)?.get(descriptor);
    const [able, bit] = indicated ? [property.indicate, 2] : [property.notify, 1];
    return (properties & able) !== 0 && value !== undefined && (value.charCodeAt(0) & bit) !== 0;
  }

  private seen({ service: index, characteristic: at, descriptor }: AttributePlace): { readonly found: Characteristic | undefined; readonly descriptor: Descriptor | undefined } {
    const found = this.visible()[index - 1]?.characteristics[at - 1];
    return { found, descriptor: descriptor === undefined ? undefined : found?.descriptors[descriptor - 1] };
  }
}
