import { createHash, randomBytes } from 'node:crypto';
import net, { createServer, type Socket as Peer } from 'node:net';
import { asapScheduler, firstValueFrom, ReplaySubject } from 'rxjs';
import { receiveLengths, type Socket, tcp } from '../../lib/index.js';
import { nodeNetwork } from '../../transports/emulator/node/index.js';
import { pass, until } from './nodeHarness.js';
import { localServers, nodeModule, type NodeModule } from './nodeModule.js';

const window = 5760;
const piece = 65_536;

const servers = localServers();
let board: NodeModule;
const peers: Peer[] = [];
let port = 0;
/** The emulator's own sockets. */
const ends: Peer[] = [];

beforeAll(async () => {
  const connect = jest.spyOn(net, 'connect');
  port = await servers.listening(createServer((peer) => peers.push(peer)));
  // Every timer of no time would cost a millisecond.
  board = await nodeModule({ network: nodeNetwork(), timing: { command: 0, announce: 0 }, scheduler: asapScheduler });
  connect.mockImplementation((...args: unknown[]) => {
    const end = (net.createConnection as (...args: unknown[]) => Peer)(...args);
    ends.push(end);
    return end;
  });
}, 20_000);
afterAll(async () => {
  await board.close();
  servers.close();
  jest.restoreAllMocks();
});

interface Connected {
  readonly socket: Socket;
  readonly peer: Peer;
  /** What the emulator's process has taken from the kernel. */
  taken(): number;
  /** What the kernel has taken from the peer. */
  sent(): number;
  leave(): void;
}

const connected = async (): Promise<Connected> => {
  const sockets = new ReplaySubject<Socket>(1);
  const life = tcp(board.at, { host: '127.0.0.1', port }).subscribe(sockets);
  const socket = await firstValueFrom(sockets);
  await until(() => peers.length === 1 && ends.length === 1);
  const [peer, end] = [peers.pop() as Peer, ends.pop() as Peer];
  return { socket, peer, taken: () => end.bytesRead, sent: () => peer.bytesWritten - peer.writableLength, leave: () => life.unsubscribe() };
};
const lengthOf = async ({ socket }: Connected): Promise<number | undefined> => (await firstValueFrom(receiveLengths(board.at))).get(socket.link);
/** Waits until nothing moves any more: many looks in a row see the same. */
const stalled = async ({ sent, taken }: Connected): Promise<void> => {
  let seen = '';
  for (let same = 0; same < 40; same++) {
    const now = `${String(sent())} ${String(taken())}`;
    if (now !== seen) same = 0;
    seen = now;
    await pass(2);
  }
};

it('an unread socket of the module holds its window and no more; a transfer four times what it absorbs waits at its sender, and arrives whole', async () => {
  const unread = await connected();
  // Written until the kernel takes no more, which is known only by its not taking more.
  const fill = (): void => {
    while (unread.peer.write(randomBytes(piece)));
    unread.peer.once('drain', fill);
  };
  fill();
  await until(() => unread.taken() === window);
  await stalled(unread);
  const absorbed = unread.sent();
  expect(await lengthOf(unread)).toBe(window);
  expect(unread.taken()).toBe(window);
  expect(unread.peer.writableNeedDrain).toBe(true);
  unread.leave();

  const transfer = await connected();
  const data = randomBytes(4 * Math.max(absorbed, piece));
  let drains = 0;
  transfer.peer.on('drain', () => drains++);
  transfer.peer.write(data);

  const digest = createHash('sha256');
  let received = 0;
  let most = 0;
  const take = async (): Promise<boolean> => {
    const chunk = await firstValueFrom(transfer.socket.read(), { defaultValue: undefined });
    if (chunk === undefined) return false;
    digest.update(chunk);
    received += chunk.length;
    most = Math.max(most, transfer.taken() - received);
    return true;
  };
  // Nobody reads, then a quarter is read and nobody goes on: both times the sender waits, for as long as anybody looks.
  for (const upTo of [0, data.length / 4]) {
    while (received < upTo) await take();
    await until(() => transfer.taken() === received + window);
    await stalled(transfer);
    expect(transfer.taken()).toBe(received + window);
    expect(await lengthOf(transfer)).toBe(window);
    expect({ waits: transfer.peer.writableNeedDrain, drains }).toEqual({ waits: true, drains: 0 });
    expect(transfer.sent()).toBeLessThan(data.length);
  }

  while (received < data.length) await take();
  await until(() => drains === 1);
  transfer.peer.end();
  expect(await take()).toBe(false);
  expect({ received, drains, digest: digest.digest('hex') }).toEqual({ received: data.length, drains: 1, digest: createHash('sha256').update(data).digest('hex') });
  expect(most).toBeLessThanOrEqual(window);
  transfer.leave();
}, 60_000);
