import { asyncScheduler, defaultIfEmpty, defer, EMPTY, map, Observable, of, repeat, type SchedulerLike, type Subscription, takeWhile, toArray } from 'rxjs';
import { bytesOf, joined, utf8 } from '../../format.js';
import type { HttpClientPort, HttpEvent, HttpHeader, HttpRequest } from '../httpClient.js';
import { NetworkError } from '../network.js';

/** A request as a web server in memory sees it. */
export interface WebRequest extends Omit<HttpRequest, 'body' | 'held'> {
  /** Whole, also where the module passed it on as it came. */
  readonly body?: Uint8Array;
  /** From the first slash on, query included. */
  readonly path: string;
}

/** What it answers. */
export interface WebResponse {
  /** Default 200. */
  readonly status?: number;
  readonly reason?: string;
  readonly headers?: readonly HttpHeader[];
  /** Text goes as UTF-8. The header `Content-Length` is added last. */
  readonly body?: string | Uint8Array;
  /** The body in chunks of the chunked transfer coding, instead of `body`. Drawn one by one, as the module takes them. */
  readonly chunks?: Iterable<string | Uint8Array>;
  /** The server hangs up: before the head, or after so many bytes of the body. */
  readonly drop?: true | number;
}

/** A web server: the answer to one request, whose body is complete. Called once a request. */
export type WebHandler = (request: WebRequest) => WebResponse;

/** Which web servers there are, and how far away they are. */
export interface InMemoryWebConfig {
  /** The servers that exist, by `host:port`; everything else is refused. */
  readonly servers: Readonly<Record<string, WebHandler>>;
  /** One way, in milliseconds. Default 1. */
  readonly latency?: number;
  /** Largest TCP segment in bytes: the first one carries the head and the beginning of the body. Default 1440, as recorded. */
  readonly segment?: number;
  /** Default asyncScheduler. */
  readonly scheduler?: SchedulerLike;
}

const reasons: Readonly<Record<number, string>> = { 200: 'OK', 302: 'Found', 404: 'Not Found', 500: 'Internal Server Error' };

const bytesIn = (text: string | Uint8Array): Uint8Array => (typeof text === 'string' ? bytesOf(utf8(text)) : text);
const bodyEvent = (bytes: Uint8Array): HttpEvent => ({ kind: 'body', bytes });

const eventsOf = function* (request: WebRequest, response: WebResponse, segment: number): Generator<HttpEvent> {
  const { status = 200, chunks } = response;
  const body = bytesIn(response.body ?? '');
  const framing: HttpHeader = chunks ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(body.length)];
  const headers: readonly HttpHeader[] = [...(response.headers ?? []), framing];
  yield { kind: 'head', status, headers };
  if (request.method === 'HEAD') return;
  if (chunks) {
    for (const chunk of chunks) yield bodyEvent(bytesIn(chunk));
    return;
  }
  const reason = response.reason ?? reasons[status] ?? '';
  let room = segment - `HTTP/1.1 ${status} ${reason}\r\n\r\n`.length;
  for (const [name, value] of headers) room -= utf8(`${name}: ${value}\r\n`).length;
  const end = typeof response.drop === 'number' ? Math.min(response.drop, body.length) : body.length;
  for (let at = 0; at < end; room = segment) {
    const size = Math.min(room > 0 ? room : segment, end - at);
    yield bodyEvent(body.slice(at, at + size));
    at += size;
  }
};

/** The whole body of a request. */
const bodyOf = ({ body }: HttpRequest): Observable<Uint8Array | undefined> => {
  if (body === undefined || body instanceof Uint8Array) return of(body);
  const next = defer(() => body.read()).pipe(defaultIfEmpty(undefined));
  return next.pipe(repeat(), takeWhile((bytes) => bytes !== undefined), toArray(), map(joined));
};

/** Web servers in memory: a response comes in segments, the first of which shares its bytes with the head. Needs no closing. */
export const inMemoryWeb = (config: InMemoryWebConfig): HttpClientPort => {
  const { servers, latency = 1, segment = 1440, scheduler = asyncScheduler } = config;
  /** Head and first segment arrive together; the others follow one by one, none while the module does not read. */
  const answered = (asked: WebRequest, response: WebResponse, held: Observable<boolean>): Observable<HttpEvent> =>
    new Observable<HttpEvent>((subscriber) => {
      const events = eventsOf(asked, response, segment);
      let timer: Subscription | undefined;
      let stopped = false;
      const turn = (): void => {
        const next = events.next();
        if (next.done !== true) {
          subscriber.next(next.value);
          if (next.value.kind === 'head' && asked.method !== 'HEAD') return turn();
          return go();
        }
        if (response.drop === undefined) subscriber.complete();
        else subscriber.error(new NetworkError('refused', 'the server hung up'));
      };
      const go = (): void => {
        if (stopped || timer !== undefined || subscriber.closed) return;
        timer = scheduler.schedule(() => {
          timer = undefined;
          if (!stopped) turn();
        }, 1);
      };
      turn();
      subscriber.add(
        held.subscribe({
          next: (on) => {
            stopped = on;
            go();
          },
          error: (cause: unknown) => subscriber.error(cause),
        }),
      );
      subscriber.add(() => {
        timer?.unsubscribe();
        events.return(undefined);
      });
    });
  return {
    request: (request) =>
      new Observable<HttpEvent>((subscriber) => {
        const { body: _, held = EMPTY, ...head } = request;
        const [, scheme = '', host = '', port, path = ''] = /^(https?):\/\/([^/:?]+)(?::(\d+))?(.*)$/.exec(request.url) ?? [];
        const handler = servers[`${host}:${port ?? (scheme === 'https' ? '443' : '80')}`];
        const serve = (body: Uint8Array | undefined): void => {
          const asked: WebRequest = { ...head, ...(body === undefined ? {} : { body }), path: path.startsWith('/') ? path : `/${path}` };
          const response = handler?.(asked);
          if (response === undefined || response.drop === true) return subscriber.error(new NetworkError('refused', 'the server hung up'));
          subscriber.add(answered(asked, response, held).subscribe(subscriber));
        };
        subscriber.add(
          scheduler.schedule(() => {
            if (handler === undefined) subscriber.error(new NetworkError('refused'));
            else subscriber.add(bodyOf(request).subscribe({ next: serve, error: (cause: unknown) => subscriber.error(cause) }));
          }, 2 * latency),
        );
      }),
  };
};
