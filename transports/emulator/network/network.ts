import type { Observable } from 'rxjs';

/** One end of a conversation: a dotted address and a port. */
export interface NetworkEndpoint {
  readonly address: string;
  readonly port: number;
}

/** Why a connection, a name or a listener could not be had. */
export type NetworkFailure = 'refused' | 'unreachable' | 'timeout' | 'not-found' | 'in-use' | 'tls';

/** What the observables of a `Network` error with. */
export class NetworkError extends Error {
  override readonly name = 'NetworkError';
  constructor(readonly failure: NetworkFailure, message: string = failure) {
    super(message);
  }
}

/** What the module asks of TLS, from `AT+CIPSSLC…` and the command that connects. */
export interface TlsOptions {
  /** 0 none, 1 the module shows its certificate, 2 it checks the server's, 3 both. */
  readonly authMode: 0 | 1 | 2 | 3;
  readonly pkiNumber: number;
  readonly caNumber: number;
  readonly serverName?: string;
  readonly commonName?: string;
  readonly alpn?: readonly string[];
  readonly psk?: { readonly key: Uint8Array; readonly hint: string };
}

/** What the module's stack sees of one TCP or TLS connection. */
export interface NetworkSocket {
  readonly remote: NetworkEndpoint;
  readonly localPort: number;
  /** The module's own address on this connection; absent where the network does not know it. */
  readonly localAddress?: string;
  /**
   * Segments as they arrive, never more than the window's bytes unread in total. Completes on FIN, errors (`NetworkError`) on RST.
   * One subscriber; what arrived before the subscription is kept. A chunk belongs to the subscriber.
   */
  readonly incoming: Observable<Uint8Array>;
  /** The module took `bytes` bytes out of its receive window: the peer may send as many more. */
  consumed(bytes: number): void;
  /** Takes as many bytes as the send buffer (5,744 bytes) has room for, now; returns the count taken. 0 after the end. */
  send(bytes: Uint8Array): number;
  /** Emits when there is room in the send buffer again; completes when the connection is gone. */
  readonly writable: Observable<void>;
  /** FIN: what was sent is delivered, nothing more is taken. Incoming goes on. */
  end(): void;
  /** RST: the connection is gone at once, and with it what was not delivered. */
  destroy(): void;
}

/** One UDP socket. */
export interface DatagramSocket {
  readonly localPort: number;
  /** One item per datagram, boundaries kept. One subscriber; completes on `close`. */
  readonly incoming: Observable<{ readonly bytes: Uint8Array; readonly remote: NetworkEndpoint }>;
  /** Fire and forget, as UDP is. */
  send(bytes: Uint8Array, remote: NetworkEndpoint): void;
  close(): void;
}

/** How a UDP socket of the module is opened. */
export interface DatagramOptions {
  readonly localPort?: number;
  readonly window: number;
  readonly family?: 4 | 6;
  /** Multicast address that it joins: what is sent there to its port comes too. */
  readonly group?: string;
}

/** One listening port of the module. */
export interface NetworkServer {
  readonly port: number;
  /** Accepted connections. One subscriber. */
  readonly connections: Observable<NetworkSocket>;
  /** Stops listening; accepted connections live on. */
  close(): void;
}

/** How a connection is asked for. */
export interface ConnectOptions {
  /** A name or an address. */
  readonly host: string;
  readonly port: number;
  /** Receive window in bytes: the peer may have that many unread bytes under way. */
  readonly window: number;
  readonly localPort?: number;
  /** Which protocol family the command asked for. */
  readonly family?: 4 | 6;
  readonly tls?: TlsOptions;
}

/**
 * The internet as the emulated module's Wi-Fi sees it. Every method is cold: nothing happens before the subscription, and errors are
 * `NetworkError`. Nothing is emitted in the stack of `send`, `consumed`, `end` or `destroy`.
 */
export interface Network {
  /** Emits one connected socket and completes; unsubscribing before that gives up. The socket outlives the subscription. */
  connect(options: ConnectOptions): Observable<NetworkSocket>;
  /** Emits one bound UDP socket and completes. */
  datagram(options: DatagramOptions): Observable<DatagramSocket>;
  /** Emits one listener and completes; it lives until its `close`. */
  listen(options: { readonly port: number; readonly window: number; readonly tls?: TlsOptions }): Observable<NetworkServer>;
  /** Emits one address. */
  resolve(host: string, family?: 4 | 6): Observable<string>;
  /** Emits one round-trip time in milliseconds, or errors `timeout`. */
  ping(host: string): Observable<number>;
  /** Emits the time of an SNTP server, in seconds since 1970; absent where there is none to ask. */
  now?(): Observable<number>;
}
