import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { BehaviorSubject, lastValueFrom, toArray } from 'rxjs';
import { emulator } from '../../transports/emulator/index.js';
import { nodeHttp } from '../../transports/emulator/node/index.js';
import { caCert, clientCert, clientKey, serverCert, serverKey } from './nodeCertificates.js';
import { pass, until } from './nodeHarness.js';
import { NodeHost } from './nodeHost.js';

const cleanups: (() => void | Promise<void>)[] = [];
afterEach(async () => { for (const clean of cleanups.splice(0).reverse()) await clean(); });

const listening = async (server: Server): Promise<number> => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise<void>((resolve) => {
    server.closeAllConnections();
    server.close(() => { resolve(); });
  }));
  return (server.address() as AddressInfo).port;
};

const hosts = { 'server.lab': '127.0.0.1', h: '127.0.0.1' };

const moduleBeside = async (): Promise<NodeHost> => {
  const module = emulator({ http: nodeHttp({ hosts }) });
  const host = await NodeHost.at(module);
  cleanups.push(() => { host.leave(); });
  await host.exec('AT+SYSLOG=1');
  return host;
};

const body = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 256));

const answer = (request: IncomingMessage, response: ServerResponse): void => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const got = Buffer.concat(chunks);
    switch (request.url) {
      case '/big': return void response.setHeader('Content-Length', body.length).end(body);
      case '/away': return void response.writeHead(302, { Location: '/big' }).end('not shown');
      case '/drop': return void response.writeHead(200, { 'Content-Length': 100 }).write('half', () => request.socket.destroy());
      case '/none': return void response.writeHead(404).end('nope');
      default: return void response.setHeader('X-Got', `${request.method} ${String(request.headers['x-a'])} ${String(request.headers.host)}`).end(Buffer.concat([Buffer.from('got:'), got]));
    }
  });
};

/** The body out of its pieces. */
const pieces = (heard: string, name: string): string => {
  let rest = heard;
  let whole = '';
  for (let head = new RegExp(`^\\+${name}:(\\d+),`).exec(rest); head; head = new RegExp(`^\\+${name}:(\\d+),`).exec(rest)) {
    const from = head[0].length;
    expect(Number(head[1])).toBeLessThanOrEqual(2048);
    whole += rest.slice(from, from + Number(head[1]));
    rest = rest.slice(from + Number(head[1]) + 2);
  }
  expect(rest).toBe('\r\nOK\r\n');
  return whole;
};

test('requests of all kinds against a real server', async () => {
  const port = await listening(createServer(answer));
  const host = await moduleBeside();
  const url = (path: string): string => `"http://server.lab:${port}${path}"`;
  for (const path of ['/big', '/away']) expect(pieces(await host.exec(`AT+HTTPCGET=${url(path)}`, /\r\n\r\nOK\r\n$/), 'HTTPCGET')).toBe(body.toString('latin1'));
  expect(await host.exec(`AT+HTTPGETSIZE=${url('/big')}`)).toBe('+HTTPGETSIZE:5000\r\n\r\nOK\r\n');
  expect(await host.exec(`AT+HTTPCLIENT=2,0,${url('/none')},,,1`)).toBe('+HTTPCLIENT:4,nope\r\nERR CODE:0x010a7194\r\n\r\nERROR\r\n');
  expect(await host.exec(`AT+HTTPCLIENT=2,0,${url('/drop')},,,1`)).toBe('+HTTPCLIENT:4,half\r\nERR CODE:0x010a7000\r\n\r\nERROR\r\n');
  expect(await host.exec('AT+HTTPCLIENT=2,0,"http://server.lab:1/",,,1')).toBe('ERR CODE:0x010a7000\r\n\r\nERROR\r\n');
  expect(await host.exec(`AT+HTTPCLIENT=1,0,${url('/')},,,1,"X-A: 7"`)).toContain(`,X-Got: HEAD 7 server.lab:${port}\r\n`);
  await host.exec(`AT+HTTPCPOST=${url('/')},4`, />$/);
  host.write('\0\xff\r\n');
  expect(await host.hear(/SEND/)).toBe('+HTTPCPOST:8,got:\0\xff\r\n\r\n\r\nSEND OK\r\n');
}, 15_000);

test('TLS: without a check any server will do, with one it needs the CA, and certificates are shown on demand', async () => {
  const open = await listening(createTlsServer({ key: serverKey, cert: serverCert }, answer));
  const strict = await listening(createTlsServer({ key: serverKey, cert: serverCert, ca: caCert, requestCert: true, rejectUnauthorized: true }, answer));
  const ask = (port: number, authMode: 0 | 1 | 2 | 3, tls = {}): Promise<unknown> =>
    lastValueFrom(nodeHttp({ hosts, tls }).request({ method: 'GET', url: `https://server.lab:${port}/none`, headers: [], tls: { authMode, pkiNumber: 0, caNumber: 0 } }).pipe(toArray()));
  const files = { ca: { 0: caCert }, pki: { 0: { cert: clientCert, key: clientKey } } };
  await expect(ask(open, 0)).resolves.toMatchObject([{ kind: 'head', status: 404 }, { kind: 'body' }]);
  await expect(ask(open, 2, files)).resolves.toMatchObject([{ status: 404 }, {}]);
  await expect(ask(open, 2)).rejects.toMatchObject({ name: 'NetworkError', failure: 'tls' });
  await expect(ask(strict, 0)).rejects.toMatchObject({ name: 'NetworkError' });
  await expect(ask(strict, 3, files)).resolves.toMatchObject([{ status: 404 }, {}]);
});

test('what is held stays with the server', async () => {
  const size = 8_000_000;
  let finished = false;
  const port = await listening(createServer((_request, response) => void response.end(Buffer.alloc(size, 'x'), () => { finished = true; })));
  const held = new BehaviorSubject(true);
  const seen = { head: 0, bytes: 0 };
  const reading = new Promise<void>((resolve, reject) => {
    nodeHttp().request({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers: [], held }).subscribe({
      next: (event) => {
        if (event.kind === 'body') seen.bytes += event.bytes.length;
        else seen.head += 1;
      },
      error: reject,
      complete: resolve,
    });
  });
  await until(() => seen.head === 1);
  await pass(50);
  expect([seen.bytes, finished]).toEqual([0, false]);
  held.next(false);
  await reading;
  expect(seen).toEqual({ head: 1, bytes: size });
}, 15_000);

test('a request that cannot be made is an error, and unsubscribing cuts the line', async () => {
  await expect(lastValueFrom(nodeHttp().request({ method: 'GET', url: 'nonsense', headers: [] }))).rejects.toMatchObject({ name: 'NetworkError' });
  let cut!: () => void;
  const gone = new Promise<void>((resolve) => { cut = resolve; });
  const asked = new Promise<number>((resolve) => {
    const server = createServer((request) => {
      request.socket.on('close', () => { cut(); });
      subscription.unsubscribe();
    });
    void listening(server).then(resolve);
  });
  const port = await asked;
  const subscription = nodeHttp().request({ method: 'GET', url: `http://127.0.0.1:${port}/`, headers: [] }).subscribe();
  await gone;
});
