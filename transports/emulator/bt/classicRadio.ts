import { Subject, type Observable } from 'rxjs';
import type { Radio } from '../ble/radio.js';
import type { AudioEvent } from './audioEvent.js';
import type { ClassicPeer } from './peer.js';

/** The classic half of a Bluetooth radio: same address, same place. It outlives restarts. */
export class ClassicRadio {
  /** Whose radio it is while it is on. */
  peer: ClassicPeer | undefined;
  private readonly audioSubject = new Subject<AudioEvent>();
  /** Hot: what its A2DP does and hears. */
  readonly audio: Observable<AudioEvent> = this.audioSubject.asObservable();

  constructor(
    readonly half: Radio,
    /** Secure Simple Pairing; without it PINs alone. */
    readonly simplePairing: boolean,
    private readonly left: (radio: ClassicRadio) => void,
  ) {}

  get address(): string {
    return this.half.address;
  }

  sound(event: AudioEvent): void {
    this.audioSubject.next(event);
  }

  /** Off at once, without a word to anybody. */
  off(): void {
    if (!this.peer) return;
    this.peer = undefined;
    this.left(this);
  }
}
