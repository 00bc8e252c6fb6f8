import { asyncScheduler, Observable, Subscription, type SchedulerLike } from 'rxjs';
import { bytesOf, utf8 } from '../../format.js';
import type { HttpClientPort, HttpEvent, HttpHeader, HttpRequest } from '../httpClient.js';
import { NetworkError } from '../network.js';

/** A request as a web server in memory sees it. */
export interface WebRequest extends HttpRequest {
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
  /** The body in chunks of the chunked transfer coding, instead of `body`. */
  readonly chunks?: readonly string[];
  /** The server hangs up: before the head, or after so many bytes of the body. */
  readonly drop?: true | number;
}

export type WebHandler = (request: WebRequest) => WebResponse;

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

const eventsOf = (request: WebRequest, response: WebResponse, segment: number): readonly HttpEvent[] => {
  const { status = 200, chunks } = response;
  const body = typeof response.body === 'string' ? bytesOf(utf8(response.body)) : response.body ?? new Uint8Array(0);
  const framing: HttpHeader = chunks ? ['Transfer-Encoding', 'chunked'] : ['Content-Length', String(body.length)];
  const headers: readonly HttpHeader[] = [...(response.headers ?? []), framing];
  const events: HttpEvent[] = [{ kind: 'head', status, headers }];
  if (request.method === 'HEAD') return events;
  if (chunks) return [...events, ...chunks.map((chunk): HttpEvent => ({ kind: 'body', bytes: bytesOf(utf8(chunk)) }))];
  const reason = response.reason ?? reasons[status] ?? '';
  let room = segment - `HTTP/1.1 ${status} ${reason}\r\n\r\n`.length;
  for (const [name, value] of headers) room -= utf8(`${name}: ${value}\r\n`).length;
  const end = typeof response.drop === 'number' ? Math.min(response.drop, body.length) : body.length;
  for (let at = 0; at < end; room = segment) {
    const size = Math.min(room > 0 ? room : segment, end - at);
    events.push({ kind: 'body', bytes: body.slice(at, at + size) });
    at += size;
  }
  return events;
};

/** Web servers in memory: a response comes in segments, the first of which shares its bytes with the head. Needs no closing. */
export const inMemoryWeb = (config: InMemoryWebConfig): HttpClientPort => {
  const { servers, latency = 1, segment = 1440, scheduler = asyncScheduler } = config;
  return {
    request: (request) =>
      new Observable<HttpEvent>((subscriber) => {
        const timers = new Subscription();
        const [, scheme = '', host = '', port, path = ''] = /^(https?):\/\/([^/:?]+)(?::(\d+))?(.*)$/.exec(request.url) ?? [];
        const handler = servers[`${host}:${port ?? (scheme === 'https' ? '443' : '80')}`];
        timers.add(
          scheduler.schedule(() => {
            if (handler === undefined) return subscriber.error(new NetworkError('refused'));
            const asked: WebRequest = { ...request, path: path.startsWith('/') ? path : `/${path}` };
            const response = handler(asked);
            if (response.drop === true) return subscriber.error(new NetworkError('refused', 'the server hung up'));
            const events = eventsOf(asked, response, segment);
            // Head and first segment arrive together; the others follow one by one.
            events.forEach((event, index) => timers.add(scheduler.schedule(() => subscriber.next(event), Math.max(0, index - 1))));
            timers.add(
              scheduler.schedule(() => {
                if (response.drop === undefined) subscriber.complete();
                else subscriber.error(new NetworkError('refused', 'the server hung up'));
              }, events.length),
            );
          }, 2 * latency),
        );
        return timers;
      }),
  };
};
