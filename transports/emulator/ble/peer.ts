import type { Observable } from 'rxjs';

/** Where a value stands: indices count from 1, the service's as the client has it. */
export interface AttributePlace { readonly service: number; readonly characteristic: number; readonly descriptor: number | undefined }

/** A descriptor of a characteristic. */
export interface Descriptor {
  /** Four or 32 hex digits, upper case. */
  readonly uuid: string;
  /** Byte-characters. */
  value: string;
}

/** A characteristic of a service. */
export interface Characteristic {
  readonly uuid: string;
  /** Bits of the ATT protocol: 2 read, 4 write without response, 8 write, 16 notify, 32 indicate. */
  readonly properties: number;
  value: string;
  readonly descriptors: readonly Descriptor[];
}

/** A service of a server. */
export interface Service {
  readonly uuid: string;
  readonly primary: boolean;
  started: boolean;
  readonly characteristics: readonly Characteristic[];
  readonly included: readonly Service[];
}

/** How a side wants to pair: AT+BLESECPARAM. */
export interface SecurityParameters {
  readonly auth: number; readonly capability: number; readonly keySize: number; readonly initiatorKeys: number; readonly responderKeys: number; readonly option: number;
}

/** A connection as one module sees it. */
export interface BleLink {
  /** The other side's address. */
  peerOf(me: BlePeer): string;
  /** Which side made the connection. */
  isCentral(me: BlePeer): boolean;
  readonly open: boolean;
  /** Milliseconds between two connection events. */
  interval: number;
  /** Connection events that the peripheral may sleep through. */
  latency: number;
  /** Milliseconds of silence after which the connection is lost. */
  timeout: number;
  mtu: number;
  /** Bytes of a data packet. */
  dataLength: number;
  /**
   * Cold. Asks the other side: `at` runs there after `there` bytes were carried; once its line has room, its answer comes back with `back` bytes, or with the
   * acknowledgement of the packet where that is 0; `undefined` if the connection ends before.
   */
  ask<T>(me: BlePeer, there: number, back: number, at: (peer: BlePeer) => T): Observable<T | undefined>;
  /** Tells the other side without waiting. */
  tell(me: BlePeer, bytes: number, at: (peer: BlePeer) => void): void;
  close(): void;
}

/** What a pairing asks of a side or tells it. */
export type PairingStep =
  | { readonly kind: 'request' } | { readonly kind: 'show' | 'compare'; readonly key: number } | { readonly kind: 'type' }
  | { readonly kind: 'done'; readonly good: boolean; readonly bonded: boolean; readonly keys: number };

/** What a phone and a module tell each other by BluFi; texts are byte-characters. */
export type BlufiMessage =
  | { readonly kind: 'network'; readonly ssid: string; readonly password: string } | { readonly kind: 'data'; readonly data: string }
  /** How joining the network went. */
  | { readonly kind: 'state'; readonly joined: boolean };

/** A module as its connections use it. */
export interface BlePeer {
  connected(link: BleLink): void;
  disconnected(link: BleLink): void;
  /** Runs when this side can take more: at once, unless its host does not keep up. */
  whenRoom(run: () => void): void;
  /** Services as a client sees them. */
  services(): readonly Service[];
  read(link: BleLink, place: AttributePlace): string | undefined;
  write(link: BleLink, place: AttributePlace, value: string): boolean;
  /** A server notified of or indicated a value. */
  told(link: BleLink, place: AttributePlace, value: string, indicated: boolean): void;
  /** The MTU or the parameters of the connection have changed. */
  mtuChanged(link: BleLink): void;
  parametersChanged(link: BleLink): void;
  readonly security: SecurityParameters;
  /** AT+BLESETKEY, or none. */
  readonly staticKey: number | undefined;
  pairing(link: BleLink, step: PairingStep): void;
  /** What BluFi carries beside the attributes. */
  blufi?(link: BleLink, message: BlufiMessage): void;
}
