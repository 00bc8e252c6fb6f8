import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { lastValueFrom, type Observable, type Subscription, VirtualTimeScheduler } from 'rxjs';
import type { Connection } from '../../lib/transport.js';
import { tcp } from '../../transports/tcp.js';

const failure = (source: Observable<unknown>): Promise<unknown> =>
  new Promise((resolve) => source.subscribe({ error: resolve, complete: () => resolve('completed') }));
const done = (source: Observable<never>): Promise<void> => lastValueFrom(source, { defaultValue: undefined });
const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const turns = (count: number) =>
  new Promise<void>((resolve) => {
    const turn = (left: number): unknown => (left === 0 ? resolve() : setImmediate(turn, left - 1));
    turn(count);
  });

describe('tcp', () => {
  const host = '127.0.0.1';
  let server: Server;
  let port: number;
  let opened: Subscription[] = [];
  const peers: Socket[] = [];

  beforeEach(async () => {
    server = createServer();
    server.on('connection', (peer) => {
      peers.push(peer);
      peer.on('error', () => undefined);
    });
    server.listen(0, host);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(async () => {
    for (const each of opened) each.unsubscribe();
    opened = [];
    for (const peer of peers.splice(0)) peer.destroy();
    if (server.listening) await once(server.close(), 'close');
  });

  const opening = async (): Promise<{ connection: Connection; peer: Socket; open: Subscription }> => {
    const accepted = once(server, 'connection');
    const connection = await new Promise<Connection>((resolve, reject) =>
      opened.push(tcp({ host, port }).open().subscribe({ next: resolve, error: reject })),
    );
    const [peer] = (await accepted) as [Socket];
    return { connection, peer, open: opened.at(-1)! };
  };

  it('carries 1 MiB of random bytes each way and completes at the orderly end', async () => {
    const { connection, peer } = await opening();
    const there = randomBytes(1 << 20);
    let left = there.length;
    peer.on('data', (chunk) => {
      left -= chunk.length;
      peer.write(chunk);
      if (left === 0) peer.end();
    });
    const got: Uint8Array[] = [];
    const back = new Promise<void>((complete, error) => connection.incoming.subscribe({ next: (chunk) => got.push(chunk), complete, error }));
    for (let at = 0; at < there.length; at += 65_536) await done(connection.write(there.subarray(at, at + 65_536)));
    await back;
    expect(digest(Buffer.concat(got))).toBe(digest(there));
  });

  it('reads nothing before somebody listens, and loses nothing then', async () => {
    const { connection, peer } = await opening();
    const sent = randomBytes(8 << 20);
    let taken = false;
    peer.end(sent, () => (taken = true));
    await turns(2000);
    expect(taken).toBe(false);
    const got: Uint8Array[] = [];
    await new Promise<void>((complete, error) => connection.incoming.subscribe({ next: (chunk) => got.push(chunk), complete, error }));
    expect(digest(Buffer.concat(got))).toBe(digest(sent));
    expect(got[0]?.constructor).toBe(Uint8Array);
  });

  it('stops taking bytes while held, so that the window closes, and goes on after', async () => {
    const { connection, peer } = await opening();
    const sent = randomBytes(8 << 20);
    const got: Uint8Array[] = [];
    const all = new Promise<void>((complete, error) => connection.incoming.subscribe({ next: (chunk) => got.push(chunk), complete, error }));
    connection.hold?.(true);
    let taken = false;
    peer.end(sent, () => (taken = true));
    await turns(2000);
    expect(got).toEqual([]);
    expect(taken).toBe(false);
    connection.hold?.(false);
    await all;
    expect(digest(Buffer.concat(got))).toBe(digest(sent));
  });

  it('errors `lost` on a reset, and every write after it', async () => {
    const { connection, peer } = await opening();
    const gone = failure(connection.incoming);
    peer.resetAndDestroy();
    expect(await gone).toMatchObject({ kind: 'transport', code: 'lost', retry: 'unknown' });
    expect(await failure(connection.write(Uint8Array.of(1)))).toMatchObject({ kind: 'transport', code: 'lost' });
  });

  it('errors `lost` on a reset while held with the window full', async () => {
    const { connection, peer } = await opening();
    const gone = failure(connection.incoming);
    connection.hold?.(true);
    peer.write(randomBytes(8 << 20));
    await turns(2000);
    peer.resetAndDestroy();
    expect(await gone).toMatchObject({ kind: 'transport', code: 'lost' });
  });

  it('errors the write that is stuck when the connection breaks, and refuses a second one meanwhile', async () => {
    const { connection, peer } = await opening();
    peer.pause();
    const stuck = failure(connection.write(randomBytes(32 << 20)));
    expect(await failure(connection.write(Uint8Array.of(1)))).toMatchObject({ kind: 'usage', code: 'overlap' });
    await turns(50);
    peer.resetAndDestroy();
    expect(await stuck).toMatchObject({ kind: 'transport', code: 'write', retry: 'unknown' });
  });

  it('errors writes after the orderly end of the peer', async () => {
    const { connection, peer } = await opening();
    peer.end();
    expect(await failure(connection.incoming)).toBe('completed');
    expect(await failure(connection.write(Uint8Array.of(1)))).toMatchObject({ kind: 'transport', code: 'lost' });
  });

  it('closes on unsubscribe and completes `incoming`', async () => {
    const { connection, peer, open } = await opening();
    const ended = failure(connection.incoming);
    const closed = once(peer, 'close');
    peer.resume();
    open.unsubscribe();
    expect(await ended).toBe('completed');
    await closed;
  });

  it('is cold, and leaves nothing behind when its subscriber goes while it connects', async () => {
    const next = jest.fn();
    const transport = tcp({ host, port });
    transport.open();
    const open = transport.open().subscribe(next);
    open.unsubscribe();
    await turns(50);
    expect(next).not.toHaveBeenCalled();
    expect(peers.filter((peer) => !peer.destroyed && !peer.readableEnded)).toEqual([]);
    await once(server.close(), 'close');
  });

  it('says that nobody listens there', async () => {
    await once(server.close(), 'close');
    expect(await failure(tcp({ host, port }).open())).toMatchObject({
      kind: 'transport',
      code: 'open',
      retry: 'safe',
      message: expect.stringContaining(`${host}:${port}`),
      details: { path: `${host}:${port}`, reason: 'refused' },
    });
  });

  it('says that there is no such host', async () => {
    expect(await failure(tcp({ host: 'no-such-host.invalid', port: 23 }).open())).toMatchObject({
      kind: 'transport',
      code: 'open',
      details: { reason: 'unknown-host' },
    });
  });

  it('gives up after `connectTimeout`', () => {
    const scheduler = new VirtualTimeScheduler();
    const error = jest.fn();
    // Documentation addresses (RFC 5737) lead nowhere; virtual time runs before the network can answer.
    tcp({ host: '192.0.2.1', port: 23, connectTimeout: 3000, scheduler }).open().subscribe({ error });
    scheduler.maxFrames = 2999;
    scheduler.flush();
    expect(error).not.toHaveBeenCalled();
    scheduler.maxFrames = 3000;
    scheduler.flush();
    expect(error).toHaveBeenCalledWith(expect.objectContaining({ code: 'open', details: { path: '192.0.2.1:23', reason: 'timeout' } }));
  });

  it.each([0, 65_536, 1.5, Number.NaN])('refuses port %d as a notification', async (bad) => {
    expect(await failure(tcp({ host, port: bad }).open())).toMatchObject({ kind: 'usage', code: 'parameter' });
  });
});
