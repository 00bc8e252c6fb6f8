import type { Observable } from 'rxjs';
import type { QueueOptions } from '../mailbox/reader.js';

/** What a characteristic allows, in the order of its bits. */
export const gattProperties = ['broadcast', 'read', 'write-without-response', 'write', 'notify', 'indicate', 'signed-write', 'extended'] as const;

/** What a characteristic allows. */
export type GattProperty = (typeof gattProperties)[number];

/** The properties of a mask. Document 000 §5.19 and §5.25 show none: whatever is asked for is tried. */
export const propertiesOf = (mask: number | undefined): readonly GattProperty[] => gattProperties.filter((_, bit) => mask === undefined || (mask & (1 << bit)) !== 0);

/** A descriptor of a peer's characteristic. */
export interface GattDescriptor {
  /** From 1. */
  readonly index: number;
  /** Empty where the firmware does not print it. */
  readonly uuid: string;
  /** Cold: AT+BLEGATTCRD; emits the value and completes. Errors as those of the characteristic. */
  read(): Observable<Uint8Array>;
  /** Cold: AT+BLEGATTCWR; emits nothing and completes. The descriptor 2902 is kept by `notifications` and `indications`. Errors as those of the characteristic. */
  write(value: Uint8Array): Observable<never>;
}

/** What can be done with a characteristic, each by its property. */
export interface GattMethods {
  /**
   * Cold: each subscription sends AT+BLEGATTCRD, emits the value once and completes; unsubscribing lets the answer come unheard. Errors: `unsupported`/`property`,
   * `command` (rejected: the peer refuses; timeout), `link` (lost, closed), `module`/`reset`. Document 000 §5.26.
   */
  read(): Observable<Uint8Array>;
  /**
   * Cold: each subscription sends AT+BLEGATTCWR, 1 to 512 bytes, emits nothing and completes: with `write` when the peer has acknowledged, with
   * `write-without-response` alone when the module took it. The command has no parameter for it: the firmware chooses by the property, and no document tells which of both it takes.
   * Errors: `usage`, as `read`, `send`. Document 000 §5.27.
   */
  write(value: Uint8Array): Observable<never>;
  /**
   * Values as the peer notifies of them. Cold by characteristic: the first subscriber has the peer's descriptor 2902 written, more of them nothing, the last one
   * to leave once more; `indications` has its own bit of it. Subscribers share the bytes. What comes faster than `demand` waits, `queueLimit` at most;
   * `overflow` says what one more does. Errors: `unsupported` (property, cccd), `link` (overflow, lost, closed), `command` of the writing, `module`/`reset`.
   */
  notifications(options?: QueueOptions): Observable<Uint8Array>;
  /** As `notifications`, of what the peer indicates. */
  indications(options?: QueueOptions): Observable<Uint8Array>;
}

/** The method that a property allows. */
export type GattMethodOf = { readonly read: 'read'; readonly write: 'write'; readonly 'write-without-response': 'write'; readonly notify: 'notifications'; readonly indicate: 'indications' };

/** What every characteristic has. */
export interface GattFacts {
  /** Of the service, from 1. */
  readonly service: number;
  /** From 1, within the service. */
  readonly index: number;
  readonly uuid: string;
  readonly properties: readonly GattProperty[];
  readonly descriptors: readonly GattDescriptor[];
  /** Whether it allows all of these; in a condition it makes their methods known to the compiler. */
  allows<N extends GattProperty>(...needs: readonly N[]): this is GattCharacteristic<N>;
}

/** A characteristic of a peer, with the methods of the properties it is known to have. */
export type GattCharacteristic<N extends GattProperty = never> = GattFacts & Pick<GattMethods, N extends keyof GattMethodOf ? GattMethodOf[N] : never>;

/** A service of a peer. */
export interface GattService {
  /** From 1. */
  readonly index: number;
  readonly uuid: string;
  readonly primary: boolean;
  /** Services that it includes. */
  readonly included: readonly { readonly uuid: string; readonly primary: boolean | undefined }[];
  readonly characteristics: readonly GattCharacteristic[];
}

/** What a peer offers. */
export interface GattTree {
  readonly services: readonly GattService[];
  /**
   * The first characteristic of this UUID in the first service of that one. Cold, sends nothing: emits it and completes. Errors `unsupported`: `attribute` where
   * the peer has none, `property` where it does not allow what is needed.
   */
  characteristic<N extends GattProperty = never>(service: string, uuid: string, ...needs: readonly N[]): Observable<GattCharacteristic<N>>;
}

/** How much is discovered. */
export interface DiscoverOptions {
  /** UUIDs of the services that are looked into. Default all. */
  readonly services?: readonly string[];
  /** Ask for included services. Default true. */
  readonly included?: boolean;
}
