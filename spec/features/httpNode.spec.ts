import { createHash, randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { defer, EMPTY, filter, firstValueFrom, lastValueFrom, mergeMap, of, ReplaySubject, take, toArray } from 'rxjs';
import { type AtError, type AtModule, http, type HttpChunk, openModule, station } from '../../lib/index.js';
import { type ByteSource, fromBytes } from '../../operators/index.js';
import { emulator } from '../../transports/emulator/index.js';
import { nodeHttp } from '../../transports/emulator/node/index.js';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const listening = async (server: Server): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise<void>((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  }));
  return `http://server.lab:${String((server.address() as AddressInfo).port)}`;
};

const joined = async (): Promise<AtModule> => {
  const modules = new ReplaySubject<AtModule>(1);
  const life = openModule(emulator({ http: nodeHttp({ hosts: { 'server.lab': '127.0.0.1' } }) })).subscribe(modules);
  cleanups.push(() => life.unsubscribe());
  return firstValueFrom(
    modules.pipe(
      mergeMap((module) =>
        station(module, { ssid: 'Espressif', password: '' }).pipe(
          filter(({ state }) => state === 'got-ip'),
          take(1),
          mergeMap(() => [module]),
        ),
      ),
    ),
  );
};

const page = Buffer.from(Array.from({ length: 5000 }, (_, index) => (index * 7) % 256));
const bytesOf = (chunks: readonly HttpChunk[]): Buffer => Buffer.concat(chunks.map(({ bytes }) => bytes));

test('the module talks to node:http', async () => {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const got = Buffer.concat(chunks);
      if (request.url === '/none') return void response.writeHead(404).end('nope');
      if (request.url === '/away') return void response.writeHead(302, { Location: '/page' }).end('not shown');
      if (request.url === '/page') return void response.setHeader('Content-Length', page.length).end(page);
      if (request.url === '/drop') return void response.writeHead(200, { 'Content-Length': 100 }).write('half', () => request.socket.destroy());
      return void response.setHeader('Content-Type', 'application/json').end(JSON.stringify({ method: request.method, url: request.url, token: request.headers.authorization, type: request.headers['content-type'], length: got.length, sum: got.reduce((sum, byte) => sum + byte, 0) }));
    });
  });
  const origin = await listening(server);
  const module = await joined();
  const chunks = (url: string): Promise<readonly HttpChunk[]> => lastValueFrom(http.get(module, `${origin}${url}`, { progress: true }).pipe(toArray()));

  for (const url of ['/page', '/away']) {
    const got = await chunks(url);
    expect(bytesOf(got).equals(page)).toBe(true);
    expect(got.at(-1)).toMatchObject({ received: 5000, total: 5000 });
  }
  await expect(chunks('/none')).rejects.toMatchObject({ kind: 'link', code: 'status', details: { status: 404, received: 4 } });
  await expect(chunks('/drop')).rejects.toMatchObject({ kind: 'link', code: 'no-response', details: { received: 4 } } satisfies Partial<AtError>);
  const sum = page.reduce((total, byte) => total + byte, 0);
  const body = { source: fromBytes(page), length: page.length };
  const headers = { Authorization: `Bearer ${'x'.repeat(400)}` };
  await expect(lastValueFrom(http.json(module, { method: 'put', url: `${origin}/a?b=%221%22,2`, body, contentType: 'json', headers }))).resolves.toEqual({
    method: 'PUT', url: '/a?b=%221%22,2', token: headers.Authorization, type: 'application/json', length: 5000, sum,
  });
  await expect(lastValueFrom(http.json(module, `${origin}/${'y'.repeat(1000)}`))).resolves.toMatchObject({ method: 'GET', url: `/${'y'.repeat(1000)}` });
  const listed = await lastValueFrom(http.head(module, `${origin}/page`));
  expect(listed).toContainEqual({ name: 'Content-Length', value: '5000' });
}, 20_000);

test('5 MB are streamed behind the prompt, as fast as the server takes them', async () => {
  const size = 5_000_000;
  const sums: string[] = [];
  const server = createServer((request, response) => {
    const hash = createHash('md5');
    let got = 0;
    request.on('data', (chunk: Buffer) => {
      hash.update(chunk);
      got += chunk.length;
      // Now and then it looks away.
      if (got % 7 !== 0) return;
      request.pause();
      setTimeout(() => request.resume(), 1);
    });
    request.on('end', () => {
      sums.push(hash.digest('hex'));
      response.end(`${String(request.method)} ${String(request.headers['content-length'])} ${String(got)}`);
    });
  });
  const origin = await listening(server);
  const module = await joined();
  const sent = createHash('md5');
  let left = size;
  const source: ByteSource = {
    read: (max = 4096) =>
      defer(() => {
        const bytes = randomBytes(Math.min(max, left));
        left -= bytes.length;
        sent.update(bytes);
        return bytes.length === 0 ? EMPTY : of(bytes);
      }),
  };
  const answer = await lastValueFrom(http.post(module, `${origin}/up`, { source, length: size }).pipe(toArray()));
  expect(bytesOf(answer).toString()).toBe(`POST ${String(size)} ${String(size)}`);
  expect(sums).toEqual([sent.digest('hex')]);
}, 30_000);
