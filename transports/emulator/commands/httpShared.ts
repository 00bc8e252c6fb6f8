import { BehaviorSubject, catchError, map, Observable, of } from 'rxjs';
import type { Outcome } from '../outcome.js';
import type { Call } from '../device.js';
import { headerOf } from '../applications/httpClient.js';
import { textOf, utf8 } from '../format.js';
import type { HttpHeader, HttpRequest } from '../network/httpClient.js';
import { NetworkError } from '../network/network.js';
import { errorCode, Refusal } from '../refusal.js';
import { utf8Text } from '../utf8Text.js';

/** The code of an HTTP status; 0 where none came. */
export const codeOf = (status: number): number => errorCode.failed + 0x7000 + status;

/** A request that cannot be made. */
export const httpRefused = (): never => {
  throw new Refusal(codeOf(0));
};

/** The address a command means: its own, else the one of host and path, else that of AT+HTTPURLCFG. */
export const addressed = ({ device }: Call, url: string, built: string): string => {
  const meant = utf8Text(url || built || device.applications.http.url);
  return /^https?:\/\/[^/]/i.test(meant) ? meant.replace(/^[a-z]+/i, (scheme) => scheme.toLowerCase()) : httpRefused();
};

/** The headers of a request: `usual` ones unless AT+HTTPCHEAD or the command itself gives another of the name. */
export const headed = ({ device }: Call, lines: readonly string[], usual: readonly HttpHeader[]): readonly HttpHeader[] => {
  const given = [...device.applications.http.headers, ...lines].map((line) => headerOf(utf8Text(line)) ?? httpRefused());
  const names = new Set(given.map(([name]) => name.toLowerCase()));
  const own: readonly HttpHeader[] = [['User-Agent', 'ESP32 HTTP Client/1.0'], ...usual];
  return [...own.filter(([name]) => !names.has(name.toLowerCase())), ...given];
};

/**
 * Makes a request, prints header lines of a HEAD or pieces of the body, and emits the status once the response has ended. Printing blocks: a line that
 * is full keeps the module from reading on, down to the window of the server. `held` says that it does not listen for another reason.
 */
export const fetched = ({ device, name, print }: Call, request: HttpRequest, buffer: number, patience: number, held = new BehaviorSubject(false)): Observable<number> =>
  new Observable<number>((subscriber) => {
    let status = 0;
    const block = (): void => {
      let full = true;
      device.whenRoom(() => {
        full = false;
        if (held.value) held.next(false);
      });
      if (full) held.next(true);
    };
    // Up to 2.3 a blank that the length does not count stands before a header.
    const blank = device.profile.release < 24 ? ' ' : '';
    return device.applications.http.request({ ...request, held }, patience).subscribe({
      next: (event) => {
        if (event.kind === 'head') {
          status = event.status;
          if (request.method !== 'HEAD') return;
          for (const [key, value] of event.headers) {
            const line = utf8(`${key}: ${value}`);
            print(`${name}:${line.length},${blank}${line}\r\n`);
          }
          return;
        }
        for (let at = 0; at < event.bytes.length; at += buffer) {
          const piece = event.bytes.subarray(at, at + buffer);
          print(`${name}:${piece.length},${textOf(piece)}\r\n`);
        }
        block();
      },
      error: (cause: unknown) => subscriber.error(cause),
      complete: () => {
        subscriber.next(status);
        subscriber.complete();
      },
    });
  });

/** Makes a request and emits what its `Content-Length` says; prints nothing. */
export const sized = ({ device }: Call, request: HttpRequest, patience: number): Observable<number> =>
  new Observable<number>((subscriber) => {
    let size: number | undefined;
    return device.applications.http.request(request, patience).subscribe({
      next: (event) => {
        const length = event.kind === 'head' ? event.headers.find(([key]) => key.toLowerCase() === 'content-length')?.[1] : undefined;
        if (length !== undefined && /^\d+$/.test(length)) size = Number(length);
      },
      error: (cause: unknown) => subscriber.error(cause),
      complete: () => {
        if (size === undefined) return subscriber.error(new NetworkError('not-found', 'the server names no length'));
        subscriber.next(size);
        subscriber.complete();
      },
    });
  });

/** How the command ends: by what came, or `failed` where nothing did. */
export const ended = <T>(result: Observable<T>, done: (value: T) => Outcome, failed: Outcome): Observable<Outcome> =>
  result.pipe(map(done), catchError(() => of(failed)));
