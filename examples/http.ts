/**
 * The module's own HTTP client with the requests of document 000 §10.1: HEAD, GET and POST. `usage` says how it is called.
 */
import { createServer, type Server } from 'node:http';
import { concat, map, type Observable, toArray } from 'rxjs';
import { type AtModule, http, type HttpChunk } from 'rx-esp-at';
import { emulator } from 'rx-esp-at/emulator';
import { nodeHttp } from 'rx-esp-at/emulator/node';
import { addresses } from './addresses.js';
import { listening } from './listening.js';
import { moduleOr, online } from './online.js';
import { play } from './play.js';
import { within } from './within.js';

const usage = `Usage: node dist/cjs/examples/http.js [http://HOST[:PORT]] [https://HOST[:PORT]]

Asks for HEAD /get, GET /get and POST /post, such as http://httpbin.org answers them; without an address an emulated module asks a server that this
program starts.

  ESP_AT_PORT                  serial port of a real module, such as /dev/ttyUSB0
  ESP_AT_SSID ESP_AT_PASSWORD  access point that the real module shall join`;

const text = (body: Observable<HttpChunk>): Observable<string> =>
  body.pipe(
    toArray(),
    map((chunks) => Buffer.concat(chunks.map(({ bytes }) => bytes)).toString()),
  );

/** The requests, one after the other; emits a line for each. */
export const requests = (module: AtModule, origin: string): Observable<string> =>
  concat(
    http.head(module, `${origin}/get`).pipe(map((headers) => `HEAD: ${headers.map(({ name }) => name).join(', ')}`)),
    text(http.get(module, `${origin}/get`)).pipe(map((body) => `GET: ${body}`)),
    text(http.post(module, `${origin}/post`, 'field1=value1&field2=value2')).pipe(map((body) => `POST: ${body}`)),
  );

const asked = (): Server =>
  createServer(({ method, url, headers }, response) => {
    response.setHeader('content-type', 'text/plain').end(`${String(method)} ${String(url)}, ${headers['content-length'] ?? 'no'} bytes`);
  });

/** Does something with a server that says what it was asked. Cold; the server is closed with it. */
export const besideServer = <T>(use: (origin: string) => Observable<T>): Observable<T> =>
  within(listening(asked), use);

if (require.main === module) {
  play({
    usage,
    read: addresses('http:', 'https:'),
    lines: (given, stop) => {
      const board = moduleOr(() => emulator({ http: nodeHttp() }));
      const all = (origins: readonly string[]): Observable<string> => online(board, (opened) => concat(...origins.map((origin) => requests(opened, origin))), stop);
      return given.length === 0 ? besideServer((origin) => all([origin])) : all(given.map(({ origin }) => origin));
    },
  });
}
