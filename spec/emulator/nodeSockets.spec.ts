import { createSocket, type Socket as UdpPeer } from 'node:dgram';
import { once } from 'node:events';
import { connect, type Socket as Peer } from 'node:net';
import { connect as connectTls, createServer as createTlsServer, type TLSSocket, type TlsOptions } from 'node:tls';
import { firstValueFrom, lastValueFrom, type Observable, ReplaySubject, Subscription } from 'rxjs';
import { commands, type DatagramSocket, isAtError, listen, type ListenConfig, type Socket, tls, type TlsConfig, udp } from '../../lib/index.js';
import type { FirmwareVersion } from '../../transports/emulator/index.js';
import type { DatagramOptions } from '../../transports/emulator/network/network.js';
import { nodeNetwork, type NodeNetworkConfig } from '../../transports/emulator/node/index.js';
import { caCert, clientCert, clientKey, serverCert, serverKey } from './nodeCertificates.js';
import { record } from './networkHarness.js';
import { until } from './nodeHarness.js';
import { freePort, localServers, type NodeModule, ptyModule } from './nodeModule.js';

const network = () =>
  nodeNetwork({
    hosts: { 'server.lab': '127.0.0.1' },
    datagramAddress: '127.0.0.1',
    // The second authority has not signed the server.
    tls: { ca: { 0: caCert, 1: serverCert }, pki: { 0: { cert: clientCert, key: clientKey } } },
    serverTls: { cert: serverCert, key: serverKey, ca: caCert },
  });

const udpPeer = async (life: Subscription): Promise<{ readonly socket: UdpPeer; readonly port: number }> => {
  const socket = createSocket('udp4');
  life.add(() => socket.close());
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return { socket, port: socket.address().port };
};

const firmwares: readonly FirmwareVersion[] = ['2.1.0', '4.1.0'];

describe.each(firmwares)('over a pty, firmware %s and real peers:', (firmware) => {
  const servers = localServers();
  let life = new Subscription();
  let board: NodeModule;

  beforeAll(async () => {
    board = await ptyModule({ firmware, network: network() });
  }, 20_000);
  afterEach(async () => {
    life.unsubscribe();
    life = new Subscription();
    servers.close();
  });
  afterAll(() => board.close());

  /** Its first value; it lives until the test ends. */
  const open = <T>(source: Observable<T>): Promise<T> => {
    const values = new ReplaySubject<T>(1);
    life.add(source.subscribe(values));
    return firstValueFrom(values);
  };
  const readAll = async (socket: Socket, length: number): Promise<Buffer> => {
    let heard = Buffer.alloc(0);
    while (heard.length < length) heard = Buffer.concat([heard, await firstValueFrom(socket.read())]);
    return heard;
  };

  describe('tls', () => {
    const serving = async (options: TlsOptions = {}) => {
      const clients: (string | undefined)[] = [];
      const server = createTlsServer({ cert: serverCert, key: serverKey, ca: caCert, ...options }, (peer: TLSSocket) => {
        // Nothing but a certificate has a subject.
        clients.push((peer.getPeerCertificate() as { readonly subject?: { readonly CN: string } }).subject?.CN);
        peer.on('error', () => undefined).pipe(peer);
      });
      server.on('tlsClientError', () => undefined);
      return { port: await servers.listening(server), clients };
    };
    const asked = (port: number, config: Partial<TlsConfig>) => tls(board.at, { host: 'server.lab', port, serverName: 'server.lab', ...config });

    // Mode 0 last: it stands in a new module, and what stands is not sent.
    it.each([
      [1, 'client', 'client.lab'],
      [2, 'server', undefined],
      [3, 'both', 'client.lab'],
      [0, 'none', undefined],
    ] as const)('mode %d carries bytes both ways; the server sees what it should of the module', async (mode, verify, seen) => {
      const { port, clients } = await serving({ requestCert: true, rejectUnauthorized: mode === 1 || mode === 3 });
      const socket = await open(asked(port, { verify }));
      const sent = Buffer.from(Array.from({ length: 9000 }, (_, at) => (at * 31) & 0xff));
      await lastValueFrom(socket.send(sent));
      expect((await readAll(socket, sent.length)).equals(sent)).toBe(true);
      expect(clients).toEqual([seen]);
      expect(board.sent.filter((line) => line.startsWith('AT+CIPSSLCCONF=')).at(-1)).toBe(`AT+CIPSSLCCONF=${String(socket.link)},${String(mode)},0,0`);
    }, 20_000);

    const failure = async (source: Observable<unknown>): Promise<unknown> => firstValueFrom(source).then(() => 'no error', (error: unknown) => error);

    it.each([
      ['a certificate of another authority', { verify: 'server', authority: 1 }],
      ['a certificate of another name', { verify: 'server', commonName: 'elsewhere.lab' }],
      ['a certificate of its own that it does not have', { verify: 'client', certificate: 1 }],
    ] as const)('a refusal for %s is a typed error, and the link is free again', async (_, config) => {
      const { port } = await serving();
      const error = await failure(asked(port, config));
      expect(isAtError(error)).toBe(true);
      expect(error).toMatchObject({ kind: 'link', code: 'refused', retry: 'safe', details: { host: 'server.lab', port } });
      const socket = await open(asked(port, { verify: 'server', commonName: 'server.lab' }));
      await lastValueFrom(socket.send(Buffer.from('still here')));
      expect((await readAll(socket, 10)).toString()).toBe('still here');
    }, 20_000);

    it('a server that wants a certificate and gets none ends the connection', async () => {
      const { port } = await serving({ requestCert: true, rejectUnauthorized: true, maxVersion: 'TLSv1.2' });
      expect(await failure(asked(port, { verify: 'none' }))).toMatchObject({ kind: 'link', code: 'refused' });
    }, 20_000);
  });

  describe('udp', () => {
    const peer = () => udpPeer(life);
    const heardBy = (socket: UdpPeer) => {
      const heard: { readonly text: string; readonly port: number }[] = [];
      socket.on('message', (message, { port }) => heard.push({ text: message.toString(), port }));
      return heard;
    };
    const opened = (config: Parameters<typeof udp>[1]): Promise<DatagramSocket> => open(udp(board.at, config));

    it('keeps boundaries both ways', async () => {
      const { socket, port } = await peer();
      const heard = heardBy(socket);
      const datagrams = await opened({ host: '127.0.0.1', port });
      for (const text of ['one', 'two', 'x'.repeat(1400)]) await lastValueFrom(datagrams.send(Buffer.from(text)), { defaultValue: undefined });
      await until(() => heard.length === 3);
      expect(heard.map(({ text }) => text)).toEqual(['one', 'two', 'x'.repeat(1400)]);
      for (const text of ['a', 'bc', 'y'.repeat(1400)]) socket.send(text, heard[0]?.port);
      const got: string[] = [];
      while (got.length < 3) got.push(Buffer.from((await firstValueFrom(datagrams.read())).bytes).toString());
      expect(got).toEqual(['a', 'bc', 'y'.repeat(1400)]);
    }, 20_000);

    it('loses no byte in passive receive, and says where boundaries may be gone', async () => {
      const { socket, port } = await peer();
      const heard = heardBy(socket);
      const datagrams = await opened({ host: '127.0.0.1', port, receive: 'passive' });
      await lastValueFrom(datagrams.send(Buffer.from('hello')), { defaultValue: undefined });
      await until(() => heard.length === 1);
      const sent = ['a', 'bc', 'y'.repeat(1400)];
      for (const text of sent) socket.send(text, heard[0]?.port);
      let got = '';
      while (got.length < sent.join('').length) {
        const { bytes, joined } = await firstValueFrom(datagrams.read());
        if (!joined) expect(sent).toContain(Buffer.from(bytes).toString());
        got += Buffer.from(bytes).toString();
      }
      expect(got).toBe(sent.join(''));
    }, 20_000);

    it('sends one where it is told, and in mode `any` answers whoever spoke last', async () => {
      const [first, second] = [await peer(), await peer()];
      const heard = [heardBy(first.socket), heardBy(second.socket)];
      const datagrams = await opened({ host: '127.0.0.1', port: first.port, localPort: await freePort(), mode: 'any' });
      await lastValueFrom(datagrams.send(Buffer.from('to the first')), { defaultValue: undefined });
      await until(() => heard[0]?.length === 1);
      second.socket.send('it is me', heard[0]?.[0]?.port);
      expect(Buffer.from((await firstValueFrom(datagrams.read())).bytes).toString()).toBe('it is me');
      await lastValueFrom(datagrams.send(Buffer.from('to the second')), { defaultValue: undefined });
      await until(() => heard[1]?.length === 1);
      await lastValueFrom(datagrams.send(Buffer.from('to the first again'), { address: '127.0.0.1', port: first.port }), { defaultValue: undefined });
      await until(() => heard[0]?.length === 2);
      expect(heard.map((all) => all.map(({ text }) => text))).toEqual([['to the first', 'to the first again'], ['to the second']]);
    }, 20_000);

    it('hears the multicast group that it sends to', async () => {
      const [group, localPort, { socket, port }] = ['239.255.83.21', await freePort(), await peer()];
      socket.setMulticastInterface('127.0.0.1');
      const member = createSocket({ type: 'udp4', reuseAddr: true });
      life.add(() => member.close());
      const heard = heardBy(member);
      member.bind(localPort);
      await once(member, 'listening');
      member.addMembership(group, '127.0.0.1');
      const datagrams = await opened({ host: group, port: localPort, localPort });
      await lastValueFrom(datagrams.send(Buffer.from('from the module')), { defaultValue: undefined });
      await until(() => heard.length === 1);
      socket.send('from a peer', localPort, group);
      expect(Buffer.from((await firstValueFrom(datagrams.read())).bytes).toString()).toBe('from a peer');
      await until(() => heard.length === 2);
      expect(heard).toEqual([{ text: 'from the module', port: localPort }, { text: 'from a peer', port }]);
    }, 20_000);
  });

  describe('listen', () => {
    const serving = async (config: ListenConfig = {}) => {
      const port = await freePort();
      const clients: Socket[] = [];
      life.add(listen(board.at, { port, ...config }).subscribe({ next: (client) => clients.push(client), error: (error: unknown) => failures.push(error) }));
      // It is open as soon as AT+CIPSERVER? says so.
      while (!(await firstValueFrom(board.at.exec(commands.tcpip.serverQuery))).enable);
      return { port, clients };
    };
    const failures: unknown[] = [];
    const talk = async (client: Peer, served: Socket): Promise<void> => {
      client.write('question');
      expect((await readAll(served, 8)).toString()).toBe('question');
      const answer = Buffer.from(Array.from({ length: 7000 }, (_, at) => (at * 13) & 0xff));
      let heard = Buffer.alloc(0);
      client.on('data', (data: Buffer) => (heard = Buffer.concat([heard, data])));
      await lastValueFrom(served.send(answer));
      await until(() => heard.length === answer.length);
      expect(heard.equals(answer)).toBe(true);
    };
    const client = (made: Peer): Peer => {
      life.add(() => made.destroy());
      return made.on('error', () => undefined);
    };

    it('serves two clients at a time, and their ends', async () => {
      const { port, clients } = await serving();
      const hosts = [client(connect(port, '127.0.0.1')), client(connect(port, '127.0.0.1'))];
      await until(() => clients.length === 2);
      for (const served of clients) {
        const host = hosts.find(({ localPort }) => localPort === served.remote.port);
        expect(served.remote.address).toBe('127.0.0.1');
        await talk(host as Peer, served);
      }
      // One end by the client, one by the module.
      const [first, second] = clients as [Socket, Socket];
      hosts.find(({ localPort }) => localPort === first.remote.port)?.end();
      expect(await firstValueFrom(first.read(), { defaultValue: 'the end' })).toBe('the end');
      const other = hosts.find(({ localPort }) => localPort === second.remote.port) as Peer;
      other.resume();
      const ended = once(other, 'end');
      await lastValueFrom(second.end(), { defaultValue: undefined });
      await ended;
      expect(failures).toEqual([]);
    }, 20_000);

    it('serves TLS', async () => {
      const { port, clients } = await serving({ tls: true });
      const host = connectTls({ port, host: '127.0.0.1', servername: 'server.lab', ca: caCert });
      client(host);
      await once(host, 'secureConnect');
      expect(host.authorized).toBe(true);
      await until(() => clients.length === 1);
      await talk(host, clients[0] as Socket);
    }, 20_000);

    it('serves TLS for clients with a certificate only, where it is told to', async () => {
      const { port, clients } = await serving({ tls: { verifyClient: true } });
      const stranger = client(connectTls({ port, host: '127.0.0.1', servername: 'server.lab', ca: caCert }));
      // `once` would take its error for ours.
      await new Promise((resolve) => stranger.resume().on('close', resolve));
      expect(clients).toEqual([]);
      const known = connectTls({ port, host: '127.0.0.1', servername: 'server.lab', ca: caCert, cert: clientCert, key: clientKey });
      client(known);
      await once(known, 'secureConnect');
      await until(() => clients.length === 1);
      await talk(known, clients[0] as Socket);
    }, 20_000);
  });
});

describe('multicasts and broadcasts over the real network', () => {
  let life = new Subscription();
  afterEach(() => {
    life.unsubscribe();
    life = new Subscription();
  });
  const bound = async (config: NodeNetworkConfig = {}, options: Partial<DatagramOptions> = {}) => {
    const socket = await firstValueFrom(nodeNetwork({ datagramAddress: '127.0.0.1', ...config }).datagram({ window: 5760, ...options }));
    life.add(() => { socket.close(); });
    return socket;
  };
  const said = ({ values }: { readonly values: readonly { readonly bytes: Uint8Array }[] }): string[] => values.map(({ bytes }) => Buffer.from(bytes).toString());
  const group = '239.255.83.19';

  it('a member of a multicast group hears what is sent there, by others only, until it is closed', async () => {
    const { socket: host } = await udpPeer(life);
    host.setMulticastInterface('127.0.0.1');
    const first = await bound({}, { group });
    const second = await bound({}, { group, localPort: first.localPort });
    const [one, other] = [record(first.incoming), record(second.incoming)];
    first.send(Buffer.from('hello'), { address: group, port: first.localPort });
    await until(() => other.values.length === 1);
    expect(other.values[0]?.remote).toEqual({ address: '127.0.0.1', port: first.localPort });
    // Nobody has joined the first; what one socket sends arrives in its order.
    host.send('to others', first.localPort, '239.255.83.20', () => host.send('to all', first.localPort, group));
    await until(() => one.values.length === 1 && other.values.length === 2);
    first.close();
    expect(one.completed).toBe(true);
    host.send('later', second.localPort, group);
    await until(() => other.values.length === 3);
    expect([said(one), said(other)]).toEqual([['to all'], ['hello', 'to all', 'later']]);
  });

  it('fails to join what is no group, or where there is no such interface, and leaves the port free', async () => {
    const { localPort, close } = await bound();
    close();
    await expect(bound({}, { group: '127.0.0.1', localPort })).rejects.toMatchObject({ name: 'NetworkError', failure: 'unreachable' });
    await expect(bound({ datagramAddress: '203.0.113.77' }, { group, localPort })).rejects.toMatchObject({ name: 'NetworkError', failure: 'unreachable' });
    expect((await bound({}, { localPort })).localPort).toBe(localPort);
  });

  it('sends broadcasts to others, and hears theirs', async () => {
    const everywhere = { datagramAddress: '0.0.0.0', hosts: { '192.168.4.255': '127.255.255.255' } };
    const [socket, listener] = [await bound(everywhere), await bound(everywhere)];
    const [own, heard] = [record(socket.incoming), record(listener.incoming)];
    socket.send(Buffer.from('who is there'), { address: '192.168.4.255', port: listener.localPort });
    socket.send(Buffer.from('me'), { address: '192.168.4.255', port: socket.localPort });
    await until(() => heard.values.length === 1);
    listener.send(Buffer.from('here'), { address: '192.168.4.255', port: socket.localPort });
    await until(() => own.values.length === 1);
    expect([said(heard), said(own)]).toEqual([['who is there'], ['here']]);
    expect(heard.values[0]?.remote.port).toBe(socket.localPort);
  });
});
