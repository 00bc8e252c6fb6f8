import { once } from 'node:events';
import { createServer, get, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import { filter, firstValueFrom, mergeMap, ReplaySubject, Subscription, take } from 'rxjs';
import { httpAgent, openNodeDuplex, streamBuilder } from '../../lib/bridges/node/index.js';
import { type AtModule, openModule, station, tcp } from '../../lib/index.js';
import { type Emulator, emulator } from '../../transports/emulator/index.js';
import { nodeNetwork } from '../../transports/emulator/node/index.js';
import { caCert, serverCert, serverKey } from '../emulator/nodeCertificates.js';

const life = new Subscription();
const servers: Server[] = [];
const board: Emulator = emulator({ network: nodeNetwork({ hosts: { 'web.lab': '127.0.0.1' } }) });
let atModule: AtModule;

const listening = async (server: Server): Promise<number> => {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};
const text = async (message: IncomingMessage): Promise<string> => {
  let found = '';
  for await (const chunk of message.setEncoding('utf8')) found += chunk as string;
  return found;
};
const openLinks = async (): Promise<number> => [...(await firstValueFrom(atModule.links)).values()].filter(({ open }) => open).length;
const closedLinks = async (): Promise<void> => {
  await firstValueFrom(atModule.links.pipe(filter((links) => [...links.values()].every(({ open }) => !open))));
};

beforeAll(async () => {
  const opened = new ReplaySubject<AtModule>(1);
  life.add(
    openModule(board)
      .pipe(mergeMap((open) => station(open, { ssid: 'Espressif', password: '' }).pipe(filter(({ state }) => state === 'got-ip'), take(1), mergeMap(() => [open]))))
      .subscribe(opened),
  );
  atModule = await firstValueFrom(opened);
}, 20_000);

afterEach(closedLinks);
afterAll(() => {
  life.unsubscribe();
  for (const server of servers) server.close();
});

describe('node:http through a module', () => {
  const serve = () => listening(createServer((incoming, response) => void text(incoming).then((body) => response.end(`${incoming.method ?? ''} ${incoming.url ?? ''} ${body}`))));

  it('fetches pages by an agent, whose names the module resolves', async () => {
    const port = await serve();
    const agent = httpAgent(atModule);
    const [response] = (await once(get(`http://web.lab:${String(port)}/page`, { agent }), 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('GET /page ');
    agent.destroy();
  }, 20_000);

  it('posts a body longer than one slice', async () => {
    const port = await serve();
    const agent = httpAgent(atModule);
    const posting = request({ host: '127.0.0.1', port, method: 'POST', path: '/', agent });
    const body = 'ü'.repeat(10_000);
    posting.end(body);
    const [response] = (await once(posting, 'response')) as [IncomingMessage];
    expect(await text(response)).toBe(`POST / ${body}`);
    agent.destroy();
  }, 20_000);

  it('keeps a link for the next request where it is told to', async () => {
    const port = await serve();
    const agent = httpAgent(atModule, { keepAlive: true, maxSockets: 1 });
    const generations = async (): Promise<number> => [...(await firstValueFrom(atModule.links)).values()].reduce((sum, { generation }) => sum + generation, 0);
    const before = await generations();
    for (const path of ['/1', '/2', '/3']) {
      const [response] = (await once(get({ host: '127.0.0.1', port, path, agent }), 'response')) as [IncomingMessage];
      expect(await text(response)).toBe(`GET ${path} `);
    }
    expect((await generations()) - before).toBe(1);
    expect(await openLinks()).toBe(1);
    agent.destroy();
  }, 20_000);

  it('lets the sixth request wait for a link', async () => {
    let most = 0;
    let now = 0;
    const port = await listening(
      createServer((incoming, response) => {
        most = Math.max(most, ++now);
        setTimeout(() => {
          now--;
          response.end(incoming.url);
        }, 50);
      }),
    );
    const agent = httpAgent(atModule);
    const pages = Array.from({ length: 8 }, async (_, index) => {
      const [response] = (await once(get({ host: '127.0.0.1', port, path: `/${String(index)}`, agent }), 'response')) as [IncomingMessage];
      return text(response);
    });
    expect(await Promise.all(pages)).toEqual(Array.from({ length: 8 }, (_, index) => `/${String(index)}`));
    expect(most).toBeLessThanOrEqual(5);
    agent.destroy();
  }, 20_000);

  it('gives a request up by its signal, and closes the link', async () => {
    const port = await listening(createServer(() => undefined));
    const agent = httpAgent(atModule);
    const [error] = (await once(get({ host: '127.0.0.1', port, agent, signal: AbortSignal.timeout(100) }), 'error').catch((failure: unknown) => [failure])) as [{ name?: string }];
    expect(error.name).toMatch(/AbortError|TimeoutError/);
    agent.destroy();
  }, 20_000);

  it('reports a refused connection as the error of the request', async () => {
    const port = await listening(createTcpServer());
    const server = servers.pop();
    server?.close();
    const agent = httpAgent(atModule);
    const [error] = (await once(get({ host: '127.0.0.1', port, agent }), 'error').catch((failure: unknown) => [failure])) as [unknown];
    expect(error).toMatchObject({ kind: 'link', code: 'refused' });
    agent.destroy();
  }, 20_000);
});

describe('node:tls through a module', () => {
  const serve = () => listening(createTlsServer({ cert: serverCert, key: serverKey }, (peer) => peer.on('data', (data: Buffer) => peer.write(data.reverse())).on('error', () => undefined)));

  it('speaks TLS on this side of the line, and checks the certificate', async () => {
    const port = await serve();
    const secure = connectTls({ socket: openNodeDuplex(tcp(atModule, { host: '127.0.0.1', port })), servername: 'server.lab', ca: caCert });
    await once(secure, 'secureConnect');
    expect(secure.authorized).toBe(true);
    const sent = Buffer.from(Array.from({ length: 5000 }, (_, index) => index & 0xff));
    secure.write(sent.subarray(0, 1000));
    let heard = Buffer.alloc(0);
    for await (const chunk of secure) {
      heard = Buffer.concat([heard, chunk as Buffer]);
      if (heard.length >= 1000) break;
    }
    expect(heard).toEqual(Buffer.from(sent.subarray(0, 1000)).reverse());
    secure.destroy();
  }, 20_000);

  it('refuses a certificate that it does not know', async () => {
    const port = await serve();
    const secure = connectTls({ socket: openNodeDuplex(tcp(atModule, { host: '127.0.0.1', port })), servername: 'server.lab' });
    const [error] = (await once(secure, 'error')) as [{ code?: string }];
    expect(error.code).toMatch(/UNABLE_TO|SELF_SIGNED|DEPTH_ZERO/);
    secure.destroy();
  }, 20_000);
});

describe('streamBuilder', () => {
  it('opens a new connection at each call, at once and in order', async () => {
    const heard: string[] = [];
    const port = await listening(createTcpServer((peer) => peer.on('data', (data: Buffer) => heard.push(data.toString())).write('hello')));
    const build = streamBuilder(atModule, { host: '127.0.0.1', port });
    for (const round of ['one', 'two']) {
      const stream = build();
      stream.write(round);
      const [greeting] = (await once(stream, 'data')) as [Buffer];
      expect(greeting.toString()).toBe('hello');
      stream.end();
      await once(stream, 'finish');
      stream.destroy();
      await closedLinks();
    }
    expect(heard).toEqual(['one', 'two']);
  }, 20_000);
});
