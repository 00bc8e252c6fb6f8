import type { Observable } from 'rxjs';
import type { TlsOptions } from './network.js';

/** A header as it stands in the message. */
export type HttpHeader = readonly [name: string, value: string];

/** A body that the module gets while the request is under way. */
export interface HttpUpload {
  /** Bytes in all. */
  readonly length: number;
  /** Cold: emits the next piece as soon as there is one and completes; at the end it completes without. One at a time. */
  read(): Observable<Uint8Array>;
}

/** One request of the module; `url` is absolute, `http:` or `https:`. */
export interface HttpRequest {
  readonly method: 'HEAD' | 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly url: string;
  readonly headers: readonly HttpHeader[];
  readonly body?: Uint8Array | HttpUpload;
  /** While its latest value is true the module reads no more of the body that comes back: its line is full. */
  readonly held?: Observable<boolean>;
  /** Of `https:`. */
  readonly tls?: TlsOptions;
}

/** What comes back: the head once, then pieces of the body as they were read from the socket. */
export type HttpEvent =
  | { readonly kind: 'head'; readonly status: number; readonly headers: readonly HttpHeader[] }
  | { readonly kind: 'body'; readonly bytes: Uint8Array };

/** The web servers that the emulated module can reach. */
export interface HttpClientPort {
  /**
   * Cold: one request a subscription. Completes with the response, errors `NetworkError` where none came or it broke off. Follows no redirection.
   * Unsubscribing cuts the line.
   */
  request(request: HttpRequest): Observable<HttpEvent>;
}
