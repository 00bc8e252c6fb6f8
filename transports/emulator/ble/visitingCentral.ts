import { Observable, Subject, type Subscriber } from 'rxjs';
import { EmulatorError } from '../emulatorError.js';
import { AirMedium, type Air } from './air.js';
import type { AttributePlace, BleLink, BlufiMessage, Service } from './peer.js';
import { QuietPeer } from './quietPeer.js';
import type { Place, Radio } from './radio.js';

/** Where a computer or a phone is. */
export interface VisitorConfig {
  /** The air of the modules: `createAir`. */
  readonly air: Air;
  /** Its public address. Default: 10:01:00:c0:11:00, or the next free one. */
  readonly address?: string;
  /** Where it stands, in metres. Default 0, 0. */
  readonly place?: Place;
}

/** What is told to a central that is no module. */
interface Told { readonly place: AttributePlace; readonly value: string }

/** A central in the air that is no module: connects, and hands on what it hears. */
export class VisitingCentral extends QuietPeer {
  private readonly toldSubject = new Subject<Told>();
  /** Values of the server. */
  readonly tells = this.toldSubject.asObservable();
  private readonly messageSubject = new Subject<BlufiMessage>();
  readonly messages = this.messageSubject.asObservable();
  private readonly overSubject = new Subject<void>();
  /** A connection is over. */
  readonly over = this.overSubject.asObservable();
  private readonly radio: Radio | undefined;
  private subscriber: Subscriber<BleLink> | undefined;
  private link: BleLink | undefined;

  constructor({ air, address = '10:01:00:c0:11:00', place = { x: 0, y: 0 } }: VisitorConfig) {
    super();
    this.radio = air instanceof AirMedium ? air.radio(address, place) : undefined;
    if (this.radio) this.radio.peer = this;
  }

  get address(): string {
    return this.radio?.address ?? '';
  }

  /** Cold. Tries until it is connected; emits the connection and completes when it is over. Unsubscribing gives up or disconnects. One at a time. */
  connect(address: string): Observable<BleLink> {
    return new Observable<BleLink>((subscriber) => {
      if (!this.radio || this.subscriber || this.link?.open === true) {
        return subscriber.error(new EmulatorError('usage', 'overlap', this.radio ? 'it is connected, or tries to' : 'the air is none of createAir', 'safe'));
      }
      this.subscriber = subscriber;
      this.radio.initiate({ address: address.toLowerCase(), addressType: 0 });
      subscriber.add(() => {
        this.subscriber = undefined;
        this.radio?.initiate(undefined);
        this.link?.close();
      });
    });
  }

  connected(link: BleLink): void {
    if (!this.subscriber) return link.close();
    this.link = link;
    this.subscriber.next(link);
  }

  disconnected(link: BleLink): void {
    if (link !== this.link) return;
    this.link = undefined;
    this.overSubject.next();
    this.subscriber?.complete();
  }

  whenRoom(run: () => void): void {
    run();
  }

  services(): readonly Service[] {
    return [];
  }

  read(): undefined {
    return undefined;
  }

  write(): boolean {
    return false;
  }

  told(_: BleLink, place: AttributePlace, value: string): void {
    this.toldSubject.next({ place, value });
  }

  blufi(_: BleLink, message: BlufiMessage): void {
    this.messageSubject.next(message);
  }
}
