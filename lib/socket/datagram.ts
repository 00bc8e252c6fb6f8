import type { Observable } from 'rxjs';
import type { Endpoint } from '../codec/endpoint.js';
import type { LinkId } from '../state/links.js';

/** One UDP packet; in passive receive, where `joined` says so, several. */
export interface Datagram {
  readonly bytes: Uint8Array;
  /** Its sender, of joined ones the last one's; only where the module shows senders (`showSenders` of the module's configuration). */
  readonly remote?: Endpoint;
  /** It was longer than what could be fetched at once (the module's heap was short), and its end is lost. Not known in active receive. */
  readonly truncated: boolean;
  /**
   * It may be several, one behind the other without a boundary. Never in active receive. In passive receive the module counts what waits in bytes
   * alone: false is certain for what came while nothing waited.
   */
  readonly joined: boolean;
  /** Bytes before it that the module had announced and did not hand over, or that the queue had no room for. What it drops unannounced is not seen. */
  readonly lost: number;
}

/** A UDP transmission of one of the module's links. Boundaries are kept in active receive; in passive receive `joined` says where they may be lost. */
export interface DatagramSocket {
  readonly link: LinkId;
  /** Where datagrams go that name no destination. */
  readonly remote: Endpoint;
  /** The module's own port, where it said so (bit 1 of AT+SYSMSG). */
  readonly localPort?: number;
  /**
   * Cold one-shot: one datagram, or completes empty when the link is closed. With nobody reading, active receive queues datagrams up to `queueLimit`;
   * passive receive leaves them in the module, which drops what does not fit. One read at a time (`usage`/`overlap`); one that is left keeps its
   * datagram for the next.
   */
  read(): Observable<Datagram>;
  /**
   * Cold: sends one datagram, whole: 1 byte to the dialect's limit of AT+CIPSEND (2048 or 8192), `usage` otherwise; past 1460 bytes the network cuts
   * it. To `remote`, or where it says: in mode `any` that is remembered. Completes with SEND OK; sends keep their order; unsubscribing does not recall.
   */
  send(bytes: Uint8Array, remote?: Endpoint): Observable<never>;
  /** Hot, replays the latest: `open`, then `closed` once the module says so. Completes then. */
  readonly state: Observable<'open' | 'closed'>;
  /** Cold: closes the link; completes when the module has closed it. What was not read is lost. */
  end(): Observable<never>;
}
