/** A web service that fetches what it serves through a module: `node dist/cjs/examples/service.js http://example.com [/dev/ttyUSB0 SSID]`. */
import { createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { filter, Observable, of, switchMap, take } from 'rxjs';
import { type AtModule, openModule, station, type Transport } from 'rx-esp-at';
import { httpAgent } from 'rx-esp-at/bridges/node';
import { emulator } from 'rx-esp-at/emulator';
import { nodeNetwork } from 'rx-esp-at/emulator/node';
import { serialport } from 'rx-esp-at/transports/serialport';

/** Answers `GET /path` with what `origin` has there. A client that reads slowly slows the origin down: nothing is read from the module before it is wanted. */
export const service = (module: AtModule, origin: URL): Server => {
  const agent = httpAgent(module);
  return createServer((request, response) => {
    const client = new AbortController();
    response.on('close', () => client.abort());
    const target = new URL(origin);
    target.pathname = (request.url ?? '/').replace(/[?#].*/, '');
    get(target, { agent, signal: client.signal }, (found) => {
      const { 'content-type': type = 'application/octet-stream' } = found.headers;
      response.writeHead(found.statusCode ?? 502, { 'content-type': type });
      pipeline(found, response, () => undefined); // who breaks it off is the client or the origin
    }).on('error', ({ message }) => {
      if (response.headersSent) response.destroy();
      else response.writeHead(502, { 'content-type': 'text/plain' }).end(`${message}\n`);
    });
  }).on('close', () => agent.destroy());
};

/** The service on a port of this computer, on a module that has joined. Cold; emits the address, unsubscribing closes service and module. */
export const served = (transport: Transport, join: { readonly ssid: string; readonly password: string }, origin: URL, port = 0): Observable<string> =>
  openModule(transport).pipe(
    switchMap((module) =>
      station(module, join).pipe(
        filter(({ state }) => state === 'got-ip'),
        take(1),
        switchMap(
          () =>
            new Observable<string>((subscriber) => {
              const server = service(module, origin);
              server.on('error', (error) => subscriber.error(error));
              server.listen(port, '127.0.0.1', () => subscriber.next(`http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`));
              return () => void server.close();
            }),
        ),
      ),
    ),
  );

if (require.main === module) {
  const [origin = 'http://example.com', path, ssid = 'Espressif'] = process.argv.slice(2);
  of(path === undefined ? emulator({ network: nodeNetwork() }) : serialport({ path }))
    .pipe(switchMap((transport) => served(transport, { ssid, password: process.env['ESP_AT_PASSWORD'] ?? '' }, new URL(origin), 8080)))
    .subscribe({ next: (address) => console.log(`${address} serves ${origin}`), error: console.error });
}
