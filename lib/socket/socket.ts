import type { Observable } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';
import type { Endpoint } from '../codec/endpoint.js';
import type { LinkId } from '../state/links.js';

/** Bytes that the module has accepted so far, of this `send`. */
export interface SendProgress {
  readonly sent: number;
}

/** How bytes go to the module. */
export interface SendOptions {
  /**
   * Sends exactly this many bytes by one AT+CIPSENDL instead of slices: faster one way, but nothing is received meanwhile. The module's progress
   * reports are what more is written for. Unsubscribing, data that falls short (`send`/`source`), a module without progress for 30 s or that takes
   * nothing for so long (`send`/`timeout`), and the end of the link stop it by `+++`: the peer has at least what was reported. Not in every dialect
   * (`unsupported`).
   */
  readonly bulk?: number;
  /**
   * Sends text by AT+CIPSENDEX: each slice ends by backslash and zero on the line instead of by its count of bytes, and backslashes of the data are escaped, so that the
   * peer gets the data as it is, zero bytes included. Slower than without, and for those who must: a line where somebody watches for the end. Not together
   * with `bulk` (`usage`/`option`), not in a raw stream (`unsupported`). Document 000 §4.6.
   */
  readonly terminated?: boolean;
}

/** A two-way stream of bytes with demand: what is not read stays in the module, and its sender waits. */
export interface Duplex extends ByteSource {
  /**
   * Cold; sends of one duplex queue in the order of their subscriptions. On subscribe the data is cut into slices of at most the dialect's limit
   * and sent one by one, emitting the bytes accepted so far; before each, what was announced and is wanted is read. Completes with SEND OK of the last:
   * in the module's stack, not at the peer. Unsubscribing stops at a slice boundary; a bulk send is ended by `+++`, where no more than three bytes are missing it is finished.
   * Errors: `send` (failed, timeout, source, closed: a raw stream that is being left; `details.accepted` counts bytes known to be accepted), `link` (closed, reused), `command` (rejected: the link is
   * gone though nothing was said; timeout), `unsupported`, `module`, `transport` (stalled: the port has taken nothing for a minute; lost, write).
   */
  send(data: Uint8Array | ByteSource | AsyncIterable<Uint8Array>, options?: SendOptions): Observable<SendProgress>;
  /** Hot, replays the latest: `open`, then `closed` once the module says so. Completes then. */
  readonly state: Observable<'open' | 'closed'>;
  /** Cold: closes the connection; completes when the module has closed it. What was not read is lost. */
  end(): Observable<never>;
}

/** A connection of one of the module's links. */
export interface Socket extends Duplex {
  readonly link: LinkId;
  /** Where it was asked to go, a name or an address; of a client, where it came from. */
  readonly remote: Endpoint;
  /** The module's own port, where it said so (bit 1 of AT+SYSMSG). */
  readonly localPort?: number;
}
