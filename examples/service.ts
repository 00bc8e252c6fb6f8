/** A web service that fetches what it serves through a module. `usage` says how it is called. */
import { createServer, get, type Server } from 'node:http';
import { pipeline } from 'node:stream';
import { map } from 'rxjs';
import type { AtModule } from 'rx-esp-at';
import { httpAgent } from 'rx-esp-at/bridges/node';
import { emulator } from 'rx-esp-at/emulator';
import { nodeNetwork } from 'rx-esp-at/emulator/node';
import { addressOf } from './addresses.js';
import { listening, portOf } from './listening.js';
import { moduleOr, online } from './online.js';
import { play } from './play.js';

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

const usage = `Usage: node dist/cjs/examples/service.js [http://HOST[:PORT] [PORT]]

Serves at http://127.0.0.1:PORT/ (8080 unless given, 0 picks a free one) what the host (example.com unless given) has, fetched through a module: an emulated
one, which uses the network of this computer, unless there is an ESP_AT_PORT.

  ESP_AT_PORT                  serial port of a real module, such as /dev/ttyUSB0
  ESP_AT_SSID ESP_AT_PASSWORD  access point that the real module shall join`;

if (require.main === module) {
  play({
    usage,
    read: ([address = 'http://example.com', port, ...more]) => {
      if (more.length > 0) throw new Error(`too many arguments: ${more.join(' ')}`);
      return { origin: addressOf(address, 'http:'), port: portOf(port) };
    },
    lines: ({ origin, port }, stop) =>
      online(
        moduleOr(() => emulator({ network: nodeNetwork() })),
        (opened) => listening(() => service(opened, origin), port).pipe(map((at) => `${at}/ serves ${origin.href}`)),
        stop,
      ),
  });
}
