import type { Observable } from 'rxjs';
import type { BluetoothHost } from '../ble/bluetoothHost.js';
import type { AudioControl, AudioEvent } from './audioEvent.js';
import type { Bond } from './btSettings.js';
import type { ClassicLink, LinkEnd, Side } from './classicLink.js';
import type { SppConnection } from './sppConnection.js';

/** AT+BTCOD. */
export interface DeviceClass { readonly major: number; readonly minor: number; readonly service: number }

/** AT+BTSECPARAM: 0 display only, 1 display and yes or no, 2 keyboard only, 3 neither; a fixed PIN or none. */
export interface BtSecurity { readonly capability: number; readonly pin: string | undefined }

/** What a profile asks of the security below it. */
export interface Need {
  /** Both sides must hold a key. */
  readonly bonded: boolean;
  /** Nobody may stand in between. */
  readonly authenticated: boolean;
  /** Shortest PIN. */
  readonly digits: number;
  /** Not without Secure Simple Pairing. */
  readonly modern: boolean;
}

/** AT+BTA2DPINIT. */
export type A2dpRole = 'source' | 'sink';

/** The serial port profile as another module finds it. */
export interface SppPeer {
  /** A slave that waits for a connection. */
  readonly waiting: boolean;
  /** Makes its end of one. */
  adopt(address: string): SppConnection;
  /** The connection is there. */
  opened(connection: SppConnection, link: ClassicLink<SppConnection>): void;
}

/** The audio profile as another module finds it. */
export interface A2dpPeer extends LinkEnd {
  readonly role: A2dpRole | undefined;
  readonly busy: boolean;
  opened(link: ClassicLink<A2dpPeer>, address: string): void;
  controlled(control: AudioControl): void;
  tell(event: AudioEvent): void;
}

/** A side of a pairing. */
export interface PairingSide {
  readonly address: string;
  readonly security: BtSecurity;
  readonly simplePairing: boolean;
  /** A pairing is under way. */
  pairing: boolean;
  /** A key was agreed on. */
  keep(bond: Bond): void;
  /** Cold. A number to compare. */
  askConfirmation(from: string, key: number): Observable<boolean>;
  /** Cold. A passkey to type in. */
  askKey(from: string): Observable<number>;
  /** Cold. The fixed PIN, or what the host says. */
  givePin(from: string): Observable<string>;
  /** A passkey for the other side. */
  showKey(key: number): void;
}

/** A module with classic Bluetooth on, as others in the air have it. */
export interface ClassicPeer extends PairingSide {
  readonly discoverable: boolean;
  readonly connectable: boolean;
  readonly name: string;
  readonly deviceClass: DeviceClass | undefined;
  /** Whether it is still on. */
  readonly on: boolean;
  readonly spp: SppPeer;
  readonly a2dp: A2dpPeer;
  bondWith(address: string): Bond | undefined;
  /** Its side of a connection. */
  side<E extends LinkEnd>(end: E): Side<E>;
}

/** What a profile stands on. */
export interface ProfileHost {
  readonly board: BluetoothHost;
  readonly address: string;
  readonly on: boolean;
  /** Tells whoever listens to the audio of the module. */
  sound(event: AudioEvent): void;
  /** Cold. Calls a module that has what is wanted, and secures the line to it: emits it, or `undefined`; completes. */
  reach(address: string, need: Need, wanted: (remote: ClassicPeer) => boolean): Observable<ClassicPeer | undefined>;
  /** A connection with a module that was reached. */
  join<E extends LinkEnd>(mine: E, remote: ClassicPeer, theirs: E): ClassicLink<E>;
}
