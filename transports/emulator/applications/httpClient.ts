import { concatMap, EMPTY, Observable, of, throwError, type Subscription } from 'rxjs';
import type { Board } from '../board.js';
import type { HttpClientPort, HttpEvent, HttpHeader, HttpRequest, HttpUpload } from '../network/httpClient.js';
import { NetworkError, type TlsOptions } from '../network/network.js';

/** Redirections that are followed, and how many. */
const redirects = new Set([301, 302, 303, 307, 308]);
const mostRedirects = 10;

/** Where a `Location` leads to from a URL. */
const resolved = (from: string, location: string): string => {
  if (/^[a-z]+:\/\//i.test(location)) return location;
  const [, origin = '', path = '/'] = /^([a-z]+:\/\/[^/]+)([^?#]*)/i.exec(from) ?? [];
  return location.startsWith('/') ? origin + location : `${origin}${path.slice(0, path.lastIndexOf('/') + 1) || '/'}${location}`;
};

/** The module's HTTP client: what AT+HTTPURLCFG, AT+HTTPCHEAD and AT+HTTPCFG set up, and one request at a time. */
export class HttpClient {
  /** AT+HTTPURLCFG; byte-characters, empty for none. */
  url = '';
  /** AT+HTTPCHEAD, as they came. */
  headers: readonly string[] = [];
  /** AT+HTTPCFG. */
  tls: TlsOptions = { authMode: 0, pkiNumber: 0, caNumber: 0 };

  constructor(private readonly board: Board, private readonly port: HttpClientPort, private readonly reachable: () => boolean) {}

  /**
   * Cold: one request, redirections followed. Errors where no response comes or it breaks off, or where nothing comes for `patience` ms while the module
   * listens. A body that was passed on as it came cannot be sent to another address.
   */
  request(request: HttpRequest, patience: number): Observable<HttpEvent> {
    return this.reachable() ? this.follow(request, patience, mostRedirects) : throwError(() => new NetworkError('unreachable'));
  }

  private follow(request: HttpRequest, patience: number, left: number): Observable<HttpEvent> {
    let away = false;
    const secure = request.url.startsWith('https:') ? { tls: this.tls } : {};
    return this.patient(this.port.request({ ...request, ...secure }), request.held ?? EMPTY, patience).pipe(
      concatMap((event) => {
        if (event.kind === 'body') return away ? EMPTY : of(event);
        const location = event.headers.find(([name]) => name.toLowerCase() === 'location')?.[1];
        if (!redirects.has(event.status) || location === undefined) return of(event);
        away = true;
        if (left === 0) return throwError(() => new NetworkError('unreachable', 'too many redirections'));
        const same = { ...request, url: resolved(request.url, location) };
        const next = event.status === 303 ? asGet(same) : same;
        if (isUpload(next.body)) return throwError(() => new NetworkError('unreachable', 'the body is gone'));
        return this.follow(next, patience, left - 1);
      }),
    );
  }

  private patient(events: Observable<HttpEvent>, held: Observable<boolean>, patience: number): Observable<HttpEvent> {
    return new Observable<HttpEvent>((subscriber) => {
      let watch: Subscription | undefined;
      let listening = true;
      const wait = (): void => {
        watch?.unsubscribe();
        watch = listening ? this.board.after(patience, () => subscriber.error(new NetworkError('timeout'))) : undefined;
      };
      wait();
      subscriber.add(() => watch?.unsubscribe());
      subscriber.add(
        held.subscribe({
          next: (on) => {
            listening = !on;
            wait();
          },
          error: (cause: unknown) => subscriber.error(cause),
        }),
      );
      subscriber.add(
        events.subscribe({
          next: (event) => {
            wait();
            subscriber.next(event);
          },
          error: (cause: unknown) => subscriber.error(cause),
          complete: () => subscriber.complete(),
        }),
      );
    });
  }
}

const isUpload = (body: HttpRequest['body']): body is HttpUpload => body !== undefined && !(body instanceof Uint8Array);

/** 303 See Other is fetched. */
const asGet = ({ body: _, ...request }: HttpRequest): HttpRequest => ({ ...request, method: request.method === 'HEAD' ? 'HEAD' : 'GET' });

/** `Name: value` as a header; undefined where there is no colon. */
export const headerOf = (line: string): HttpHeader | undefined => {
  const colon = line.indexOf(':');
  return colon > 0 ? [line.slice(0, colon).trim(), line.slice(colon + 1).trim()] : undefined;
};
