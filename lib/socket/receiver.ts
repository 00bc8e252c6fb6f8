import type { Observable } from 'rxjs';
import type { AtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import type { Followed } from './followLink.js';

/** The receiving half of a connection. When another connection has the link, the answer of a pull that cannot be recalled goes to `orphan`. */
export interface Receiver extends Followed {
  read(max?: number): Observable<Uint8Array>;
  /** A pull of the link's last connection brought bytes of this one. */
  adopt(payload: Uint8Array): void;
  /** Something was sent: an answer may come, unannounced. */
  answerable(): void;
  /** Bytes that were announced or fetched and not read. */
  readonly unread: number;
  /** Somebody has read, or something has come: what is sent may come back. */
  readonly used: boolean;
  /**
   * Completes when nothing that was announced is wanted, or as soon as `limit` bytes were fetched meanwhile; `patient` waits a moment for a reader
   * that is busy with its last chunk. Cold.
   */
  settled(limit: number, patient: boolean): Observable<never>;
}

export interface ReceiverConfig {
  readonly module: AtModule;
  readonly link: LinkId;
  /** Most bytes fetched at once. */
  readonly window: number;
  /** Announced lengths are exact: not with TLS, where they count what is still encrypted. */
  readonly exact: boolean;
  /** Data may have come with the connection, unannounced: ask at the first read. */
  readonly early: boolean;
  /** The link may still be in active receive: it was given to a client before it was set. */
  readonly active: () => boolean;
  /** The stream has ended: closed and proved empty. */
  readonly ended: () => void;
  /** The stream has failed by itself. */
  readonly failed: (error: AtError) => void;
  /** Bytes fetched for a connection that has lost its link: they are those of its successor. */
  readonly orphan: (payload: Uint8Array) => void;
}
