import type { ByteSource } from '../../operators/byteSource.js';

/** The methods that the module has. */
export type HttpMethod = 'get' | 'head' | 'post' | 'put' | 'delete';

/** What the module writes as `Content-Type`; any other one goes as a header of that name. */
export type HttpContentType = 'form' | 'json' | 'multipart' | 'xml';

/** Text goes as UTF-8; a source must give `length` bytes, and is read once. */
export type HttpBody = string | Uint8Array | { readonly source: ByteSource; readonly length: number };

/** What goes with a request, whatever its method. */
export interface HttpOptions {
  /** Secrets: they show as `*` in the trace. Before AT 2.2 there are none (`unsupported`). */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default `form`. */
  readonly contentType?: HttpContentType;
  /** Asks for the size first where the firmware can (AT+HTTPGETSIZE): one more request of the server, for `get` only. Default false. */
  readonly progress?: boolean;
}

/** A request as a whole. */
export interface HttpRequest extends HttpOptions {
  readonly method: HttpMethod;
  /** Absolute, `http:` or `https:`, encoded as it shall go out. */
  readonly url: string;
  /** Of `post` and `put`. */
  readonly body?: HttpBody;
}

/** A request whose answer waits for its reader. */
export interface HttpDownloadConfig extends HttpRequest {
  /** Most bytes that wait unread: at half of it the line is held, where the port has that; else the download fails. Default 65536. */
  readonly limit?: number;
}

/** A piece of a body as the module read it. */
export interface HttpChunk {
  readonly bytes: Uint8Array;
  /** Bytes so far, these included. */
  readonly received: number;
  /** Bytes in all, where the size was asked for and the server names one. */
  readonly total?: number;
}

/** One header of a response, its name as the server writes it. */
export interface HttpHeader {
  readonly name: string;
  readonly value: string;
}
