import { filter, first, from, map, mergeMap, take, takeUntil, timer, type Observable, type SchedulerLike } from 'rxjs';
import type { AirMedium } from '../ble/air.js';
import type { Radio } from '../ble/radio.js';
import type { Random } from '../random.js';
import { ClassicLink, type LinkEnd, type Side } from './classicLink.js';
import { ClassicRadio } from './classicRadio.js';
import type { DeviceClass } from './peer.js';

/** Milliseconds of one train of inquiry or paging: the unit of an inquiry's length. */
export const train = 1280;

/** A module that answered an inquiry. */
export interface Found {
  readonly address: string;
  /** Byte-characters; empty where the extended response was lost. */
  readonly name: string;
  readonly deviceClass: DeviceClass | undefined;
  /** In dBm. */
  readonly rssi: number;
}

const shared = new WeakMap<AirMedium, ClassicAir>();

/** Classic Bluetooth in an air: who finds and reaches whom, in the same room and with the same losses as Bluetooth LE. */
export class ClassicAir {
  private readonly radios: ClassicRadio[] = [];
  private readonly links = new Set<{ joins(radio: ClassicRadio): boolean; silence(): void }>();

  constructor(private readonly medium: AirMedium) {
    medium.whenMoved((half) => {
      for (const radio of this.radios) if (radio.half === half) this.left(radio);
    });
  }

  get scheduler(): SchedulerLike {
    return this.medium.scheduler;
  }

  radio(half: Radio, simplePairing: boolean): ClassicRadio {
    const radio = new ClassicRadio(half, simplePairing, (gone) => this.left(gone));
    this.radios.push(radio);
    return radio;
  }

  /** Cold. For `ms` hears who is discoverable: each about once a train, of a limited inquiry those that are so for a limited time only. */
  inquire(asking: ClassicRadio, limited: boolean, ms: number, random: Random): Observable<Found> {
    const { scheduler } = this;
    return timer(0, train, scheduler).pipe(
      mergeMap(() => from(this.radios)),
      mergeMap((radio) => timer(random() * train, scheduler).pipe(map(() => this.heard(asking, radio, limited)))),
      filter((found): found is Found => found !== undefined),
      takeUntil(timer(ms, scheduler)),
    );
  }

  /** Cold. Calls a module: emits its radio once it has answered, or `undefined` after 5.12 s; completes. */
  page(calling: ClassicRadio, address: string, random: Random): Observable<ClassicRadio | undefined> {
    const answered = (): ClassicRadio | undefined =>
      this.radios.find((radio) => radio !== calling && radio.address === address && radio.peer?.connectable === true && this.reaches(calling, radio));
    return timer(100 + random() * (train / 2), train / 2, this.scheduler).pipe(take(8), map(answered), first((radio) => radio !== undefined, undefined));
  }

  /** A connection of two profiles. */
  join<E extends LinkEnd>(sides: readonly [Side<E>, Side<E>]): ClassicLink<E> {
    const link: ClassicLink<E> = new ClassicLink(this.medium, sides, () => this.links.delete(link));
    this.links.add(link);
    return link;
  }

  /** A radio is off or somewhere else. */
  private left(radio: ClassicRadio): void {
    for (const link of this.links) if (link.joins(radio)) link.silence();
  }

  private heard(asking: ClassicRadio, radio: ClassicRadio, limited: boolean): Found | undefined {
    const { peer } = radio;
    if (radio === asking || !peer?.discoverable || !this.reaches(asking, radio)) return undefined;
    const { deviceClass } = peer;
    if (limited && ((deviceClass?.service ?? 0) & 1) === 0) return undefined;
    return { address: radio.address, name: this.medium.lost() ? '' : peer.name, deviceClass, rssi: this.medium.rssi(radio.half, asking.half) };
  }

  private reaches(a: ClassicRadio, b: ClassicRadio): boolean {
    return this.medium.inRange(a.half, b.half) && !this.medium.lost();
  }
}

/** The classic side of an air. */
export const classicOf = (medium: AirMedium): ClassicAir => {
  const air = shared.get(medium) ?? new ClassicAir(medium);
  shared.set(medium, air);
  return air;
};
