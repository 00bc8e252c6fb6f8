import { once } from 'node:events';
import { createServer, get, type IncomingMessage, request } from 'node:http';
import { createServer as createTcpServer, type Socket as Peer } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';
import Aedes from 'aedes';
import { MqttClient } from 'mqtt';
import { filter, firstValueFrom } from 'rxjs';
import { httpAgent, openNodeDuplex, streamBuilder } from '../../lib/bridges/node/index.js';
import { type AtModule, tcp } from '../../lib/index.js';
import { nodeNetwork } from '../../transports/emulator/node/index.js';
import { caCert, serverCert, serverKey } from '../emulator/nodeCertificates.js';
import { until } from '../emulator/nodeHarness.js';
import { freePort, localServers, type NodeModule, ptyModule } from '../emulator/nodeModule.js';

const servers = localServers();
const { listening } = servers;
let board: NodeModule;
let atModule: AtModule;

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
  board = await ptyModule({ network: nodeNetwork({ hosts: { 'web.lab': '127.0.0.1' } }) });
  atModule = board.at;
}, 20_000);

afterEach(closedLinks);
afterAll(async () => {
  await board.close();
  servers.close();
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

  it('closes the link behind the answer without asking the server to, whose FIN would hide the last data', async () => {
    const asked: (string | undefined)[] = [];
    const port = await listening(
      createServer((incoming, response) => {
        asked.push(incoming.headers.connection);
        response.end('a page');
      }),
    );
    const agent = httpAgent(atModule);
    const from = board.sent.length;
    const [response] = (await once(get({ host: '127.0.0.1', port, agent }), 'response')) as [IncomingMessage];
    expect(await text(response)).toBe('a page');
    await closedLinks();
    expect(asked).toEqual(['keep-alive']);
    expect(Object.keys(agent.freeSockets)).toEqual([]);
    // Nothing had to be looked for after a silence.
    expect(board.sent.slice(from).filter((line) => line.startsWith('AT+CIPRECVLEN'))).toEqual([]);
    expect(board.sent.at(-1)).toMatch(/^AT\+CIPCLOSE=/);
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
    const port = await freePort();
    const agent = httpAgent(atModule);
    const [error] = (await once(get({ host: '127.0.0.1', port, agent }), 'error').catch((failure: unknown) => [failure])) as [unknown];
    expect(error).toMatchObject({ kind: 'link', code: 'refused' });
    agent.destroy();
  }, 20_000);
});

describe('node:tls through a module', () => {
  const serve = () => listening(createTlsServer({ cert: serverCert, key: serverKey, minVersion: 'TLSv1.3' }, (peer) => peer.on('data', (data: Buffer) => peer.write(data.map((byte) => byte ^ 0xff))).on('error', () => undefined)));

  it('speaks TLS on this side of the line, and checks the certificate', async () => {
    const port = await serve();
    const secure = connectTls({ socket: openNodeDuplex(tcp(atModule, { host: '127.0.0.1', port })), servername: 'server.lab', ca: caCert });
    await once(secure, 'secureConnect');
    expect({ authorized: secure.authorized, protocol: secure.getProtocol() }).toEqual({ authorized: true, protocol: 'TLSv1.3' });
    const sent = Buffer.from(Array.from({ length: 5000 }, (_, index) => index & 0xff));
    secure.write(sent);
    let heard = Buffer.alloc(0);
    for await (const chunk of secure) {
      heard = Buffer.concat([heard, chunk as Buffer]);
      if (heard.length >= sent.length) break;
    }
    expect(heard.equals(sent.map((byte) => byte ^ 0xff))).toBe(true);
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

describe('MQTT.js through a module', () => {
  it('publishes and hears every QoS at a real broker, and connects again after a loss', async () => {
    const broker = new Aedes();
    const peers: Peer[] = [];
    const port = await listening(createTcpServer((peer) => (peers.push(peer), broker.handle(peer))));
    const client = new MqttClient(streamBuilder(atModule, { host: '127.0.0.1', port }), { clientId: 'greenhouse', protocolVersion: 4, reconnectPeriod: 10, keepalive: 30 });
    // The loss is an error of the client too, which `once` of node:events would pass.
    const connected = (): Promise<unknown> => new Promise((resolve) => client.once('connect', resolve));
    const heard = new Map<string, Buffer>();
    client.on('error', () => undefined).on('message', (topic, payload) => heard.set(topic, payload));
    await connected();
    await client.subscribeAsync('house/#', { qos: 2 });
    const payloads = [Buffer.from('21.5'), Buffer.from([0, 255, 13, 10, 43, 43, 43]), Buffer.alloc(20_000, 'long ')];
    for (const [index, payload] of payloads.entries()) await client.publishAsync(`house/${String(index)}`, payload, { qos: index as 0 | 1 | 2 });
    await until(() => heard.size === 3);
    expect(payloads.map((payload, index) => heard.get(`house/${String(index)}`)?.equals(payload))).toEqual([true, true, true]);

    const again = connected();
    peers[0]?.destroy();
    await again;
    expect(peers).toHaveLength(2);
    await client.publishAsync('house/after', 'the loss', { qos: 1 });
    await until(() => heard.has('house/after'));
    await client.endAsync();
    await new Promise<void>((resolve) => broker.close(() => resolve()));
  }, 20_000);
});
