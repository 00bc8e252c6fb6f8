import { createSocket } from 'node:dgram';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { firstValueFrom, VirtualTimeScheduler } from 'rxjs';
import { nodeNetwork, type NodeNetworkConfig } from '../../transports/emulator/node/index.js';
import { NetworkError, type DatagramSocket, type NetworkServer, type NetworkSocket } from '../../transports/emulator/network/network.js';
import { caCert, clientCert, clientKey, serverCert, serverKey } from './nodeCertificates.js';
import { expectBytes, joined, length, pattern, record, window } from './networkHarness.js';
import { pass, until } from './nodeHarness.js';

// Quickly made, and beginning as `pattern` does.
const bulk = (count: number): Uint8Array => Buffer.alloc(count, pattern(65_536));

const cleanups: (() => void)[] = [];
afterEach(() => { for (const clean of cleanups.splice(0)) clean(); });

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

const serving = async (server: Server): Promise<{ readonly port: number; readonly peers: Socket[] }> => {
  const peers: Socket[] = [];
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => undefined);
    peers.push(socket);
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => {
    server.close();
    for (const socket of peers) socket.destroy();
  });
  return { port: portOf(server), peers };
};

const connected = async (port: number, config: NodeNetworkConfig = {}, host = '127.0.0.1'): Promise<NetworkSocket> => {
  const socket = await firstValueFrom(nodeNetwork(config).connect({ host, port, window }));
  cleanups.push(() => { socket.destroy(); });
  return socket;
};

const failureOf = async (attempt: Promise<unknown>): Promise<string> =>
  attempt.then(() => 'none', (error: unknown) => (error instanceof NetworkError ? error.failure : String(error)));

describe('TCP over the real network', () => {
  it('a short message comes in one piece, the first one too', async () => {
    const { port, peers } = await serving(createServer());
    const socket = await connected(port);
    const arrived = record(socket.incoming);
    await until(() => peers.length === 1);
    for (const message of ['hello', 'again']) {
      peers[0]?.write(message);
      await until(() => length(arrived.values) === (message === 'hello' ? 5 : 10));
    }
    expect(arrived.values.map((chunk) => String.fromCharCode(...chunk))).toEqual(['hello', 'again']);
  });

  it('holds a sender back: exactly 5,760 bytes come unread, then as many as are consumed, in segments', async () => {
    const { port, peers } = await serving(createServer());
    const socket = await connected(port);
    const arrived = record(socket.incoming);
    await until(() => peers.length === 1);
    const peer = peers[0] as Socket;
    peer.write(bulk(40_000_000));
    await until(() => length(arrived.values) === 5760);
    await pass(150);
    expect(length(arrived.values)).toBe(5760);
    expect(Math.max(...arrived.values.map((chunk) => chunk.length))).toBe(1440);
    expect(peer.writableNeedDrain).toBe(true);
    socket.consumed(1000);
    expect(length(arrived.values)).toBe(5760);
    await until(() => length(arrived.values) === 6760);
    await pass(50);
    expect(length(arrived.values)).toBe(6760);
    expect(peer.writableNeedDrain).toBe(true);
    expectBytes(joined(arrived.values), pattern(6760));
  });

  it('carries 3 MB both ways unchanged', async () => {
    const { port, peers } = await serving(createServer((socket) => socket.pipe(socket)));
    const socket = await connected(port);
    const data = pattern(3_000_000);
    const back: Uint8Array[] = [];
    let ended = false;
    socket.incoming.subscribe({
      next: (chunk) => {
        back.push(chunk);
        socket.consumed(chunk.length);
      },
      complete: () => { ended = true; },
    });
    let offset = 0;
    const go = (): void => {
      for (let taken = 1; taken > 0 && offset < data.length; offset += taken) taken = socket.send(data.subarray(offset, offset + 2048));
      if (offset === data.length) socket.end();
    };
    socket.writable.subscribe(go);
    go();
    await until(() => ended);
    expectBytes(joined(back), data);
    expect(peers).toHaveLength(1);
  });

  it('takes at most 5,744 bytes ahead of the kernel and says when there is room', async () => {
    const { port } = await serving(createServer({ pauseOnConnect: true }));
    const socket = await connected(port);
    const writable = record(socket.writable);
    expect(socket.send(pattern(20_000))).toBe(5744);
    expect(writable.values).toHaveLength(0);
    await until(() => writable.values.length === 1);
    // Until the kernel takes no more either.
    for (let quiet = 0; quiet < 20;) {
      quiet = socket.send(pattern(5744)) === 0 ? quiet + 1 : 0;
      await pass(1);
    }
    const before = writable.values.length;
    expect(socket.send(pattern(1))).toBe(0);
    await pass(50);
    expect(writable.values).toHaveLength(before);
  });

  it('delivers unread data before the FIN, and keeps the other direction open', async () => {
    const received: Uint8Array[] = [];
    const { port } = await serving(createServer({ allowHalfOpen: true }, (socket) => {
      socket.end(pattern(20_000));
      socket.on('data', (data: Buffer) => received.push(data));
    }));
    const socket = await connected(port);
    await pass(50);
    const arrived = record(socket.incoming);
    expect(length(arrived.values)).toBe(5760);
    expect(arrived.completed).toBe(false);
    for (let consumed = 0; consumed < 20_000;) {
      const count = length(arrived.values) - consumed;
      socket.consumed(count);
      consumed += count;
      await pass(1);
    }
    await until(() => arrived.completed);
    expectBytes(joined(arrived.values), pattern(20_000));
    const writable = record(socket.writable);
    expect(socket.send(pattern(100))).toBe(100);
    await until(() => length(received) === 100);
    socket.end();
    await until(() => writable.completed);
    expect(socket.send(pattern(1))).toBe(0);
  });

  it('errors on a reset and resets when destroyed', async () => {
    const { port, peers } = await serving(createServer());
    const socket = await connected(port);
    const arrived = record(socket.incoming);
    const writable = record(socket.writable);
    await until(() => peers.length === 1);
    peers[0]?.resetAndDestroy();
    await until(() => arrived.error !== undefined && writable.completed);
    expect(arrived.error).toBeInstanceOf(NetworkError);

    const second = await connected(port);
    const quiet = record(second.incoming);
    await until(() => peers.length === 2);
    let reason = '';
    peers[1]?.on('error', (error: Error & { code?: string }) => { reason = error.code ?? ''; });
    second.destroy();
    await until(() => reason !== '');
    expect(reason).toBe('ECONNRESET');
    expect(quiet).toMatchObject({ values: [], completed: false, error: undefined });
  });

  it('gives a peer that does not end a second, then resets it, after all that was sent arrived', async () => {
    let received = 0;
    const { port, peers } = await serving(createServer({ allowHalfOpen: true }, (socket) => socket.on('data', (data: Buffer) => { received += data.length; })));
    const socket = await connected(port);
    await until(() => peers.length === 1);
    const peer = peers[0] as Socket;
    const chatter = setInterval(() => peer.write(pattern(10_000)), 5);
    cleanups.push(() => { clearInterval(chatter); });
    await pass(30);
    socket.send(pattern(5000));
    socket.end();
    await until(() => received === 5000);
    expect(peer.destroyed).toBe(false);
    await until(() => peer.destroyed);
  });

  it('knows its addresses', async () => {
    const { port } = await serving(createServer());
    const socket = await connected(port, { hosts: { 'web.lab': '127.0.0.1' } }, 'WEB.lab');
    expect(socket.remote).toEqual({ address: '127.0.0.1', port });
    expect(socket.localAddress).toBe('127.0.0.1');
    expect(socket.localPort).toBeGreaterThan(0);
  });

  it('is refused where nobody listens, does not find invalid names, and times out by the injected clock', async () => {
    const { port } = await serving(createServer());
    const network = nodeNetwork();
    const free = createServer();
    await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
    const closed = portOf(free);
    await new Promise((resolve) => free.close(resolve));
    expect(await failureOf(firstValueFrom(network.connect({ host: '127.0.0.1', port: closed, window })))).toBe('refused');
    expect(await failureOf(firstValueFrom(network.resolve('nosuch.invalid')))).toBe('not-found');
    expect(await failureOf(firstValueFrom(network.connect({ host: 'nosuch.invalid', port: 80, window })))).toBe('not-found');
    const clock = new VirtualTimeScheduler();
    const late = failureOf(firstValueFrom(nodeNetwork({ scheduler: clock }).connect({ host: '127.0.0.1', port, window })));
    clock.flush();
    expect(clock.now()).toBe(18_000);
    expect(await late).toBe('timeout');
  });

  it('gives up connecting when unsubscribed', async () => {
    const { port, peers } = await serving(createServer());
    const attempt = record(nodeNetwork().connect({ host: '127.0.0.1', port, window }));
    attempt.stop();
    await pass(50);
    expect(attempt.values).toHaveLength(0);
    expect(peers.filter((peer) => !peer.destroyed && !peer.readableEnded)).toHaveLength(0);
  });
});

describe('listening on the real network', () => {
  const listening = async (config: NodeNetworkConfig = {}): Promise<NetworkServer> => {
    const server = await firstValueFrom(nodeNetwork({ listenPort: () => 0, ...config }).listen({ port: 80, window }));
    cleanups.push(() => { server.close(); });
    return server;
  };

  it('accepts with the window enforced, until closed; accepted connections live on', async () => {
    const server = await listening();
    const accepted = record(server.connections);
    const host = connect(server.port, '127.0.0.1');
    cleanups.push(() => { host.destroy(); });
    host.write(bulk(40_000_000));
    await until(() => accepted.values.length === 1);
    const socket = accepted.values[0] as NetworkSocket;
    const arrived = record(socket.incoming);
    await until(() => length(arrived.values) === 5760);
    await pass(100);
    expect(length(arrived.values)).toBe(5760);
    expect(host.writableNeedDrain).toBe(true);
    expect(socket.localPort).toBe(server.port);
    const got: Uint8Array[] = [];
    host.on('data', (data: Buffer) => got.push(data));
    server.close();
    expect(accepted.completed).toBe(true);
    socket.send(pattern(300));
    await until(() => length(got) === 300);
    const refused = connect(server.port, '127.0.0.1');
    await new Promise((resolve) => refused.on('error', resolve));
  });

  it('says that a port is in use, or that TLS has no certificate', async () => {
    const { port } = await serving(createServer());
    const network = nodeNetwork({ listenPort: () => port });
    expect(await failureOf(firstValueFrom(network.listen({ port: 80, window })))).toBe('in-use');
    expect(await failureOf(firstValueFrom(network.listen({ port: 80, window, tls: { authMode: 0, pkiNumber: 0, caNumber: 0 } })))).toBe('tls');
  });
});

describe('TLS over the real network', () => {
  const tlsServing = (options: TlsOptions = {}) => {
    const names: (string | false | null)[] = [];
    const clients: string[] = [];
    const server = createTlsServer({ cert: serverCert, key: serverKey, ca: caCert, ...options }, (socket: TLSSocket) => {
      names.push(socket.alpnProtocol, socket.servername);
      const subject: unknown = socket.getPeerCertificate().subject;
      clients.push(JSON.stringify(subject ?? null));
      socket.on('error', () => undefined);
      socket.pipe(socket);
    });
    return serving(server).then((at) => ({ ...at, names, clients }));
  };
  const files = { ca: { 0: caCert, 1: serverCert }, pki: { 0: { cert: clientCert, key: clientKey } } };
  const tls = { authMode: 0, pkiNumber: 0, caNumber: 0 } as const;
  const attempt = (port: number, options: object, config: NodeNetworkConfig = { tls: files }): Promise<NetworkSocket> =>
    firstValueFrom(nodeNetwork(config).connect({ host: '127.0.0.1', port, window, tls: { ...tls, ...options } }));

  it('exchanges data through an encrypted link, with server name and ALPN', async () => {
    const { port, names } = await tlsServing({ ALPNProtocols: ['h2', 'mqtt'] });
    const socket = await attempt(port, { serverName: 'server.lab', alpn: ['mqtt'] });
    const back: Uint8Array[] = [];
    socket.incoming.subscribe((chunk) => {
      back.push(chunk);
      socket.consumed(chunk.length);
    });
    expect(socket.send(pattern(5000))).toBe(5000);
    await until(() => length(back) === 5000);
    expectBytes(joined(back), pattern(5000));
    expect(names).toEqual(['mqtt', 'server.lab']);
    socket.destroy();
  });

  it('enforces the window', async () => {
    const { port, peers } = await serving(createTlsServer({ cert: serverCert, key: serverKey }, (socket) => {
      socket.on('error', () => undefined);
      socket.write(bulk(20_000_000));
    }));
    const socket = await attempt(port, {});
    const arrived = record(socket.incoming);
    await until(() => length(arrived.values) === 5760);
    await pass(100);
    expect(length(arrived.values)).toBe(5760);
    expect(peers).toHaveLength(1);
    socket.destroy();
  });

  it('checks the server and its common name where the mode says so', async () => {
    const { port } = await tlsServing();
    const good = await attempt(port, { authMode: 2, commonName: 'server.lab' });
    good.destroy();
    expect(await failureOf(attempt(port, { authMode: 2, commonName: 'other.lab' }))).toBe('tls');
    expect(await failureOf(attempt(port, { authMode: 2, caNumber: 7 }))).toBe('tls');
    expect(await failureOf(attempt(port, { authMode: 2 }, { tls: { ca: { 0: clientCert } } }))).toBe('tls');
    (await attempt(port, { authMode: 0 }, {})).destroy();
  });

  it('shows the certificate of the module where the mode says so', async () => {
    const { port, clients } = await tlsServing({ requestCert: true });
    const socket = await attempt(port, { authMode: 1 });
    socket.send(pattern(1));
    await until(() => clients.length === 1);
    expect(clients[0]).toContain('client.lab');
    expect(await failureOf(attempt(port, { authMode: 3, pkiNumber: 5 }))).toBe('tls');
    socket.destroy();
  });

  it('fails at a port that speaks no TLS', async () => {
    const { port } = await serving(createServer((socket) => socket.on('data', () => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'))));
    expect(await failureOf(attempt(port, {}))).toBe('tls');
    const { port: mute } = await serving(createServer((socket) => socket.end()));
    expect(await failureOf(attempt(mute, {}))).toMatch(/tls|refused/);
  });
});

describe('UDP, names and ping over the real network', () => {
  const bound = async (config: NodeNetworkConfig = {}): Promise<DatagramSocket> => {
    const socket = await firstValueFrom(nodeNetwork({ datagramAddress: '127.0.0.1', ...config }).datagram({ window }));
    cleanups.push(() => { socket.close(); });
    return socket;
  };
  const peer = async () => {
    const socket = createSocket('udp4');
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    cleanups.push(() => { socket.close(); });
    return socket;
  };

  it('keeps the boundaries of datagrams both ways, to a mapped host too', async () => {
    const host = await peer();
    host.on('message', (message, from) => { host.send(message, from.port, from.address); });
    const socket = await bound({ hosts: { '192.168.4.2': '127.0.0.1' } });
    const arrived = record(socket.incoming);
    socket.send(pattern(10), { address: '192.168.4.2', port: host.address().port });
    socket.send(pattern(1400), { address: '127.0.0.1', port: host.address().port });
    await until(() => arrived.values.length === 2);
    expect(arrived.values.map(({ bytes }) => bytes.length).sort()).toEqual([10, 1400]);
    expect(arrived.values[0]?.remote).toEqual({ address: '127.0.0.1', port: host.address().port });
    socket.close();
    expect(arrived.completed).toBe(true);
  });

  it('drops what the window cannot hold while nobody reads', async () => {
    const host = await peer();
    const socket = await bound();
    for (let turn = 0; turn < 8; turn += 1) host.send(pattern(1400), socket.localPort, '127.0.0.1');
    await pass(50);
    expect(record(socket.incoming).values).toHaveLength(4);
  });

  it('says that a port is in use', async () => {
    const socket = await bound();
    expect(await failureOf(firstValueFrom(nodeNetwork({ datagramAddress: '127.0.0.1' }).datagram({ window, localPort: socket.localPort })))).toBe('in-use');
  });

  it('resolves names, leaves addresses alone and takes mapped ones', async () => {
    const network = nodeNetwork({ hosts: { 'broker.lab': '10.1.2.3' } });
    expect(await firstValueFrom(network.resolve('localhost', 4))).toBe('127.0.0.1');
    expect(await firstValueFrom(network.resolve('192.168.4.99'))).toBe('192.168.4.99');
    expect(await firstValueFrom(network.resolve('broker.lab'))).toBe('10.1.2.3');
  });

  it('measures a ping by an accepted or a refused connection, and fails where neither comes', async () => {
    const { port } = await serving(createServer());
    expect(await firstValueFrom(nodeNetwork({ pingPort: port }).ping('127.0.0.1'))).toBeLessThan(1000);
    expect(await firstValueFrom(nodeNetwork({ pingPort: 1 }).ping('127.0.0.1'))).toBeGreaterThanOrEqual(0);
    expect(await failureOf(firstValueFrom(nodeNetwork().ping('nosuch.invalid')))).toBe('not-found');
    const clock = new VirtualTimeScheduler();
    const late = failureOf(firstValueFrom(nodeNetwork({ pingPort: port, scheduler: clock }).ping('127.0.0.1')));
    clock.flush();
    expect(clock.now()).toBe(1000);
    expect(await late).toBe('timeout');
  });

  it('tells the time of this machine', async () => {
    const time = await firstValueFrom(nodeNetwork().now?.() as NonNullable<ReturnType<NonNullable<ReturnType<typeof nodeNetwork>['now']>>>);
    expect(Math.abs(time - Date.now() / 1000)).toBeLessThan(5);
  });
});
