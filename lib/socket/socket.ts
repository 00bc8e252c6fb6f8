import type { Observable } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';
import type { Endpoint } from '../codec/endpoint.js';
import type { LinkId } from '../state/links.js';

/** Bytes that the module has accepted so far, of this `send`. */
export interface SendProgress {
  readonly sent: number;
}

/** A two-way stream of bytes with demand: what is not read stays in the module, and its sender waits. */
export interface Duplex extends ByteSource {
  /**
   * Cold; sends of one duplex queue in the order of their subscriptions. On subscribe the data is cut into slices of the dialect's limit and
   * sent one by one, emitting the bytes accepted so far; completes with SEND OK of the last: in the module's stack, not at the peer.
   * Unsubscribing stops at a slice boundary. Errors: `send` (failed, timeout; `details.accepted` counts bytes known to be accepted), `link` (closed), `module`, `transport`.
   */
  send(data: Uint8Array | ByteSource | AsyncIterable<Uint8Array>): Observable<SendProgress>;
  /** Hot, replays the latest: `open`, then `closed` once the module says so. Completes then. */
  readonly state: Observable<'open' | 'closed'>;
  /** Cold: closes the connection; completes when the module has closed it. What was not read is lost. */
  end(): Observable<never>;
}

/** A connection of one of the module's links. */
export interface Socket extends Duplex {
  readonly link: LinkId;
  /** Where it was asked to go: a name or an address. */
  readonly remote: Endpoint;
}
