import type { BleLink, Service } from './peer.js';

/** What a client knows of the server at the other end. */
export interface Discovery {
  services: readonly Service[] | undefined;
  readonly known: Set<number>;
}

/** The module's connections by their indices, and what was found out over each. */
export class LinkSlots {
  private readonly slots: (BleLink | undefined)[];
  private readonly discoveries = new Map<BleLink, Discovery>();

  constructor(count: number) {
    this.slots = new Array<BleLink | undefined>(count).fill(undefined);
  }

  get all(): readonly (readonly [number, BleLink])[] {
    return [...this.slots.entries()].flatMap(([index, link]) => (link ? [[index, link] as const] : []));
  }

  /** The lowest free index; -1 where there is none. */
  get free(): number {
    return this.slots.indexOf(undefined);
  }

  /** Whether a connection can have the index. */
  has(index: number): boolean {
    return index < this.slots.length;
  }

  at(index: number): BleLink | undefined {
    return this.slots[index];
  }

  indexOf(link: BleLink): number {
    return this.slots.indexOf(link);
  }

  put(index: number, link: BleLink): void {
    this.slots[index] = link;
  }

  /** Forgets a connection; the index it had, or -1. */
  remove(link: BleLink): number {
    const index = this.indexOf(link);
    this.discoveries.delete(link);
    if (index >= 0) this.slots[index] = undefined;
    return index;
  }

  /** Every connection is gone, and nobody is told. */
  clear(): void {
    this.slots.fill(undefined);
  }

  discovery(link: BleLink): Discovery {
    const found = this.discoveries.get(link) ?? { services: undefined, known: new Set<number>() };
    this.discoveries.set(link, found);
    return found;
  }
}
