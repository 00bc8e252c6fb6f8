import { defer, EMPTY, map, mergeMap, type Observable, of, throwError, toArray } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import { decodeUtf8 } from '../../operators/utf8.js';
import { download as downloaded } from '../http/download.js';
import type { HttpBody, HttpChunk, HttpDownloadConfig, HttpHeader, HttpOptions, HttpRequest } from '../http/httpTypes.js';
import { runRequest } from '../http/runRequest.js';
import type { AtModule } from '../module/atModule.js';

export type { HttpBody, HttpChunk, HttpContentType, HttpDownloadConfig, HttpHeader, HttpMethod, HttpOptions, HttpRequest } from '../http/httpTypes.js';

const headerOf = ({ bytes }: HttpChunk): HttpHeader => {
  const [, name = '', value = ''] = /^([^:]*)(?::\s*(.*?)\s*)?$/s.exec(decodeUtf8(bytes)) ?? [];
  return { name, value };
};

const joined = (chunks: readonly HttpChunk[]): Uint8Array => {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.bytes.length, 0));
  chunks.reduce((at, chunk) => {
    bytes.set(chunk.bytes, at);
    return at + chunk.bytes.length;
  }, 0);
  return bytes;
};

const parsed = (text: string): Observable<unknown> =>
  defer(() => {
    try {
      return of(JSON.parse(text) as unknown);
    } catch (cause) {
      return throwError(() => new AtError({ kind: 'decode', code: 'json', message: 'the body is no JSON', cause, details: { length: text.length } }));
    }
  });

const request = (module: AtModule, config: HttpRequest): Observable<HttpChunk> => runRequest(module, config);

const get = (module: AtModule, url: string, options: HttpOptions = {}): Observable<HttpChunk> => request(module, { ...options, method: 'get', url });

const post = (module: AtModule, url: string, body: HttpBody, options: HttpOptions = {}): Observable<HttpChunk> => request(module, { ...options, method: 'post', url, body });

const put = (module: AtModule, url: string, body: HttpBody, options: HttpOptions = {}): Observable<HttpChunk> => request(module, { ...options, method: 'put', url, body });

const remove = (module: AtModule, url: string, options: HttpOptions = {}): Observable<HttpChunk> => request(module, { ...options, method: 'delete', url });

const head = (module: AtModule, url: string, options: HttpOptions = {}): Observable<readonly HttpHeader[]> =>
  request(module, { ...options, method: 'head', url }).pipe(map(headerOf), toArray());

const json = (module: AtModule, config: string | HttpRequest): Observable<unknown> =>
  request(module, typeof config === 'string' ? { method: 'get', url: config } : config).pipe(
    toArray(),
    mergeMap((chunks) => (chunks.length === 0 ? EMPTY : parsed(decodeUtf8(joined(chunks))))),
  );

const download = (module: AtModule, config: HttpDownloadConfig): Observable<ByteSource> => downloaded(module, config);

/** The module's own HTTP client. Every member is cold. */
export const http = {
  /**
   * One request of the module's own HTTP client; redirections are followed by the firmware. Cold: on subscribe it sends AT+HTTPCLIENT, or for a body that
   * no line holds AT+HTTPCPOST or AT+HTTPCPUT, emits each piece of the body as it comes (for `head` each header line) and completes. An address or headers
   * too long for a line go through AT+HTTPURLCFG and AT+HTTPCHEAD before, where the dialect has them, and are cleared afterwards; other commands wait until then.
   * Unsubscribing sends nothing more of the request: what is on the line ends by itself, unheard, a body that was begun is read and sent to its end.
   * No command slows a server down: bytes come as fast as line and server allow, so take them as they come, or use `download`. The vendor bounds a body
   * behind the prompt by the free heap (some 100 kB without PSRAM). Where that is not enough, or response headers or the status of a success matter,
   * `node:http` over a socket (`httpAgent`) is the better way. The module checks no certificate here, so that it needs no clock for `https:`.
   *
   * Errors: `link`/`status` from 400 on, with `details.status`, after the body of the error page; `link`/`no-response` where the response did not come or
   * broke off, `details.received` bytes were emitted; `send`/`failed` where AT+HTTPCPOST or AT+HTTPCPUT failed, which tells no status; `usage` (`url`,
   * `header`, `body`, `line-limit`, `parameter`), `unsupported`, `command`, `module` (reset), `transport`. Document 000 §10.1.
   */
  request,
  /** GET: as `request`. */
  get,
  /** POST: as `request`; emits the pieces of the answer. */
  post,
  /** PUT: as `request`. With a body it needs AT 2.2, streamed AT 3.0. */
  put,
  /** DELETE: as `request`. */
  delete: remove,
  /** HEAD: emits the list of response headers once and completes. Cold, unsubscribing and errors as `request`. */
  head,
  /**
   * A request whose answer is JSON in UTF-8: emits its value once and completes; what it is, the caller has to check. An empty body emits nothing.
   * Cold, unsubscribing and errors as `request`, and `decode`/`json`.
   */
  json,
  /**
   * As `request`, with demand. Cold: on subscribe it sends the request and emits one source of the body at once; completes when everything was taken.
   * Errors are told by the reading, behind the bytes before them. What comes unread waits here; at half of `limit` bytes (default 65536) the line is held, so
   * that RTS/CTS or the TCP window stops the module and it the server. Nothing else comes from the module then, neither events nor other answers: read on, and
   * leave it by unsubscribing, after which the rest passes unheard. Where the port has no `hold`, or is a serial one without RTS/CTS, more than `limit` unread bytes are
   * `link`/`overflow`, and the rest of the response passes unheard. Other errors as `request`.
   */
  download,
} as const;
