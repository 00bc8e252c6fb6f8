import { createHash, randomBytes } from 'node:crypto';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { defer, EMPTY, filter, firstValueFrom, lastValueFrom, mergeMap, of, ReplaySubject, take, tap, toArray } from 'rxjs';
import { type AtError, type AtModule, http, type HttpChunk, openModule, station } from '../../lib/index.js';
import { type ByteSource, fromBytes } from '../../operators/index.js';
import { emulator, type EmulatorConfig } from '../../transports/emulator/index.js';
import { nodeHttp } from '../../transports/emulator/node/index.js';
import { serverCert, serverKey } from '../emulator/nodeCertificates.js';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

const listening = async (server: Server, scheme = 'http'): Promise<string> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise<void>((resolve) => {
    server.closeAllConnections();
    server.close(() => resolve());
  }));
  return `${scheme}://server.lab:${String((server.address() as AddressInfo).port)}`;
};

const joined = async (config: EmulatorConfig = {}): Promise<AtModule> => {
  const modules = new ReplaySubject<AtModule>(1);
  const life = openModule(emulator({ ...config, http: nodeHttp({ hosts: { 'server.lab': '127.0.0.1' } }) })).subscribe(modules);
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

test.each(['2.1.0', '4.1.0'] as const)('redirections, statuses and broken connections on %s, plain and over TLS', async (firmware) => {
  const answer: RequestListener = (request, response) => {
    switch (request.url) {
      case '/page': return void response.setHeader('Content-Length', page.length).end(page);
      case '/301': case '/302': case '/303': case '/307': case '/308': return void response.writeHead(Number(request.url.slice(1)), { Location: '/once' }).end('not shown');
      case '/once': return void response.writeHead(302, { Location: './page' }).end('not shown either');
      case '/404': case '/500': return void response.writeHead(Number(request.url.slice(1))).end(page);
      // Chunked: nothing but its end tells that it is whole.
      case '/cut': return void response.write(page, () => request.socket.destroy());
      default: return void request.socket.destroy();
    }
  };
  const module = await joined({ firmware });
  for (const origin of [await listening(createServer(answer)), await listening(createTlsServer({ key: serverKey, cert: serverCert }, answer), 'https')]) {
    const got = async (path: string): Promise<readonly unknown[]> => {
      const chunks: HttpChunk[] = [];
      const failure = await lastValueFrom(http.get(module, `${origin}${path}`).pipe(tap((chunk) => chunks.push(chunk))), { defaultValue: undefined }).then(() => undefined, (error: unknown) => error as AtError);
      return [bytesOf(chunks).equals(page), chunks.length > 0, failure?.kind, failure?.code, failure?.details['status']];
    };
    for (const path of ['/page', '/301', '/302', '/303', '/307', '/308']) expect([path, ...(await got(path))]).toEqual([path, true, true, undefined, undefined, undefined]);
    for (const status of [404, 500]) expect(await got(`/${String(status)}`)).toEqual([true, true, 'link', 'status', status]);
    expect(await got('/cut')).toEqual([true, true, 'link', 'no-response', undefined]);
    expect(await got('/never')).toEqual([false, false, 'link', 'no-response', undefined]);
    expect(await lastValueFrom(http.head(module, `${origin}/page`))).toContainEqual({ name: 'Content-Length', value: '5000' });
  }
}, 20_000);

test('a server that goes amid 2 MB fails the request, and the line is in step', async () => {
  const server = createServer((request, response) => {
    if (request.method === 'GET') return void response.end(page);
    let got = 0;
    request.on('error', () => undefined);
    request.on('data', (chunk: Buffer) => {
      got += chunk.length;
      if (got > 500_000) request.socket.destroy();
    });
  });
  const origin = await listening(server);
  const module = await joined();
  const size = 2_000_000;
  const failed = lastValueFrom(http.post(module, `${origin}/up`, { source: fromBytes(randomBytes(size)), length: size }), { defaultValue: undefined });
  await expect(failed).rejects.toMatchObject({ kind: 'send', code: 'failed', retry: 'unknown' });
  expect(bytesOf(await lastValueFrom(http.get(module, `${origin}/`).pipe(toArray()))).equals(page)).toBe(true);
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
