import { Buffer } from 'node:buffer';
import { request as requestHttp, type ClientRequest, type IncomingMessage } from 'node:http';
import { request as requestHttps } from 'node:https';
import { Observable, Subscription } from 'rxjs';
import type { HttpClientPort, HttpEvent, HttpHeader, HttpRequest, HttpUpload } from '../network/httpClient.js';
import { NetworkError } from '../network/network.js';
import { nodeFailure } from './nodeFailure.js';
import { tlsConnection, type TlsFiles } from './tlsFiles.js';

/** Where the web servers are really found, and the certificates for `https:`. */
export interface NodeHttpConfig {
  /** Names and addresses that the module shall find elsewhere, e.g. `{ '192.168.4.2': '127.0.0.1' }`; the header `Host` keeps the module's name. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** The certificates in the module's flash, by their numbers. */
  readonly tls?: TlsFiles;
}

const pairs = (raw: readonly string[]): readonly HttpHeader[] => {
  const headers: HttpHeader[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) headers.push([raw[index] as string, raw[index + 1] as string]);
  return headers;
};

const opened = ({ method, url, headers, body, tls }: HttpRequest, config: NodeHttpConfig): ClientRequest => {
  const { protocol, hostname, host, port, pathname, search } = new URL(url);
  const name = hostname.replace(/^\[|\]$/g, '');
  const options = {
    method,
    host: config.hosts?.[name] ?? name,
    ...(port === '' ? {} : { port: Number(port) }),
    path: pathname + search,
    agent: false as const,
    headers: { Host: host, ...Object.fromEntries(headers), ...(body === undefined ? {} : { 'Content-Length': String(body.length) }) },
  };
  return protocol === 'https:' ? requestHttps({ servername: name, ...options, ...tlsConnection(tls ?? { authMode: 0, pkiNumber: 0, caNumber: 0 }, config.tls ?? {}) }) : requestHttp(options);
};

/** Writes a body as it comes, no faster than the socket takes it. */
const upload = (open: ClientRequest, body: HttpUpload): Subscription => {
  const whole = new Subscription();
  const next = (): void => {
    let last = true;
    whole.add(
      body.read().subscribe({
        next: (bytes) => {
          last = false;
          if (open.write(Buffer.from(bytes))) setImmediate(next);
          else open.once('drain', next);
        },
        error: (cause: unknown) => open.destroy(cause as Error),
        complete: () => {
          if (last) open.end();
        },
      }),
    );
  };
  next();
  return whole;
};

/** Real web servers, by Node's `http` and `https`. Every subscription is one request on a connection of its own. */
export const nodeHttp = (config: NodeHttpConfig = {}): HttpClientPort => ({
  request: (request) =>
    new Observable<HttpEvent>((subscriber) => {
      let open: ClientRequest;
      try {
        open = opened(request, config);
      } catch (error) {
        // A missing certificate, a header or an address that cannot be.
        subscriber.error(error instanceof NetworkError ? error : nodeFailure(error, 'unreachable'));
        return undefined;
      }
      const failed = (error: Error): void => subscriber.error(nodeFailure(error, 'unreachable'));
      let stopped = false;
      let reading: IncomingMessage | undefined;
      const flow = (): void => void (stopped ? reading?.pause() : reading?.resume());
      subscriber.add(
        request.held?.subscribe({
          next: (on) => {
            stopped = on;
            flow();
          },
          error: (cause: unknown) => subscriber.error(cause),
        }),
      );
      open.on('error', failed);
      open.on('response', (response: IncomingMessage) => {
        subscriber.next({ kind: 'head', status: response.statusCode ?? 0, headers: pairs(response.rawHeaders) });
        response.on('data', (bytes: Buffer) => subscriber.next({ kind: 'body', bytes: Uint8Array.from(bytes) }));
        response.on('error', failed);
        response.on('end', () => subscriber.complete());
        reading = response;
        flow();
      });
      const { body } = request;
      if (body === undefined || body instanceof Uint8Array) open.end(body === undefined ? undefined : Buffer.from(body));
      else subscriber.add(upload(open, body));
      return () => {
        open.destroy();
      };
    }),
});
