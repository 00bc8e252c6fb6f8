import { EMPTY, mergeMap, Observable, type Subscription, tap } from 'rxjs';
import { type AtError, commands, type Socket, tcp } from '../../lib/index.js';
import type { ByteSource } from '../../operators/index.js';
import { echo, type HostHandler, sink } from '../../transports/emulator/network/index.js';
import { joinedModule, type JoinedModule, observed } from '../support/joinedModule.js';
import { named, pattern, string, text } from './world.js';

const host = '192.168.4.2';
const total = 1_000_000;

interface Sending {
  readonly world: JoinedModule;
  readonly parts: Buffer[];
  readonly socket: Socket;
  readonly progress: number[];
  readonly errors: string[];
  /** Bytes taken from the source. */
  taken(): number;
  leave(): void;
}

/** A bulk send of a megabyte has just been subscribed to; `pace` bytes a second reach the peer. */
const sending = (peer?: HostHandler, pace = 20_000): Sending => {
  const parts: Buffer[] = [];
  const world = joinedModule({
    emulator: { baud: 460_800 },
    network: { rate: pace, hosts: { [host]: { tcp: { 9: peer ?? sink({ each: (bytes) => parts.push(Buffer.from(bytes)) }), 7: echo() } } } },
  });
  const opened = observed(tcp(world.at, { host, port: 9 }));
  world.run(1000);
  const [socket] = opened.values;
  if (socket === undefined) throw new Error(String(opened.error));
  const data = pattern(total);
  let taken = 0;
  const source: ByteSource = {
    read: (max = 1) =>
      new Observable((subscriber) => {
        const piece = data.subarray(taken, taken + max);
        taken += piece.length;
        subscriber.next(piece);
        subscriber.complete();
      }),
  };
  const progress: number[] = [];
  const errors: string[] = [];
  const life: Subscription = socket.send(source, { bulk: total }).subscribe({
    next: ({ sent }) => progress.push(sent),
    error: (error: AtError) => errors.push(`${named(error)} ${String(error.details['accepted'])}`),
  });
  return { world, parts, socket, progress, errors, taken: () => taken, leave: () => life.unsubscribe() };
};

const got = ({ parts }: Sending): Buffer => Buffer.concat(parts);

/** What the peer has is a beginning of the data, and no shorter than what was reported. */
const honest = (all: Sending): void => {
  const bytes = got(all);
  expect(bytes.equals(Buffer.from(pattern(bytes.length)))).toBe(true);
  expect(bytes.length).toBeGreaterThanOrEqual(all.progress.at(-1) ?? 0);
  expect(bytes.length).toBeLessThanOrEqual(all.taken());
};

/** Commands after `+++`: a second later, and a proof before anything else. */
const inOrder = ({ world }: Sending): void => {
  const after = world.sent.slice(world.sent.indexOf('+++') + 1);
  expect(world.sent.filter((line) => line === '+++')).toHaveLength(1);
  expect(after[0]).toMatch(/^AT\+\w+\?$/);
};

describe('a bulk send over a socket that is left', () => {
  test.each([
    ['at the start', 0],
    ['at the first bytes', 5],
    ['in the middle', 3000],
    ['later', 20_000],
  ])('%s: ended by +++, and the socket is as good as before', (_when, ms) => {
    const all = sending();
    const { world, socket } = all;
    world.run(ms);
    all.leave();
    world.run(5000);
    honest(all);
    inOrder(all);
    const before = got(all).length;
    expect(before > 0).toBe(ms > 0);
    const more = observed(socket.send(text('and more')));
    world.run(10_000);
    expect([more.completed, more.error]).toEqual([true, undefined]);
    expect(string(got(all).subarray(before))).toBe('and more');
    const other = observed(tcp(world.at, { host, port: 7 }).pipe(mergeMap((next) => next.send(text('x')).pipe(mergeMap(() => next.read())))));
    world.run(5000);
    expect(other.values.map(string)).toEqual(['x']);
  });

  test('while the module is stalled: nothing of the rest goes out when the peer reads again', () => {
    let open: (() => void) | undefined;
    const got: Buffer[] = [];
    const stalled: HostHandler = ({ incoming }) =>
      new Observable((subscriber) => {
        open = () => subscriber.add(incoming.subscribe((bytes) => got.push(Buffer.from(bytes))));
      });
    const all = sending(stalled);
    const { world, socket } = all;
    world.run(5000);
    const taken = all.taken();
    expect(taken).toBeLessThan(total / 2);
    all.leave();
    world.run(5000);
    inOrder(all);
    expect(all.taken()).toBe(taken);
    open?.();
    const more = observed(socket.send(text('and more')));
    world.run(20_000);
    expect([more.completed, more.error]).toEqual([true, undefined]);
    const bytes = Buffer.concat(got);
    expect(bytes.subarray(-8).toString()).toBe('and more');
    expect(bytes.subarray(0, -8).equals(Buffer.from(pattern(bytes.length - 8)))).toBe(true);
    expect(bytes.length - 8).toBeLessThanOrEqual(taken);
  });

  test('by nobody, and stalled: the error says so, and what was accepted', () => {
    const got: Buffer[] = [];
    const all = sending(({ incoming, hold, scheduler }) => {
      scheduler.schedule(() => hold(true), 2000);
      return incoming.pipe(tap((bytes) => got.push(Buffer.from(bytes))));
    });
    const { world } = all;
    world.run(60_000);
    expect(all.errors).toEqual([`send/timeout ${String(all.progress.at(-1))}`]);
    expect(all.taken()).toBeLessThan(total / 2);
    inOrder(all);
    const bytes = Buffer.concat(got);
    expect(bytes.equals(Buffer.from(pattern(bytes.length)))).toBe(true);
  });

  test('because its connection is given up: nothing waits for a megabyte', () => {
    const all = sending();
    const { world, socket } = all;
    world.run(3000);
    const ended = observed(socket.end());
    world.run(3000);
    expect(ended.completed).toBe(true);
    expect(all.errors).toEqual([`link/closed ${String(all.progress.at(-1))}`]);
    inOrder(all);
    honest(all);
  });

  test('because its peer is gone: the error counts what was accepted, the next connection stands', () => {
    const dying: HostHandler = (peer) => {
      peer.scheduler.schedule(() => peer.destroy(), 3000);
      return peer.incoming;
    };
    const all = sending(dying);
    const { world } = all;
    world.run(10_000);
    expect(all.errors).toEqual([`link/closed ${String(all.progress.at(-1))}`]);
    expect(all.progress.at(-1)).toBeGreaterThan(10_000);
    inOrder(all);
    const other = observed(tcp(world.at, { host, port: 7 }).pipe(mergeMap((next) => next.send(text('x')).pipe(mergeMap(() => next.read())))));
    world.run(5000);
    expect(other.values.map(string)).toEqual(['x']);
  });

  test('because the module is closed: in order, within two seconds', () => {
    const all = sending();
    const { world } = all;
    world.run(3000);
    const closed = observed(world.at.close());
    world.run(2000);
    expect(closed.completed).toBe(true);
    const after = world.sent.slice(world.sent.indexOf('+++') + 1);
    expect(after).toEqual(['AT+CIPCLOSE=4']);
    honest(all);
  });
});

test('a source that falls short ends a bulk send by +++ and not by zeros', () => {
  const parts: Buffer[] = [];
  const world = joinedModule({ network: { hosts: { [host]: { tcp: { 9: sink({ each: (bytes) => parts.push(Buffer.from(bytes)) }) } } } } });
  const log: string[] = [];
  const seen = observed(
    tcp(world.at, { host, port: 9 }).pipe(
      mergeMap((socket) => {
        socket.send(pattern(50_000), { bulk: 100_000 }).subscribe({ error: (error: AtError) => log.push(`${named(error)} ${String(Number(error.details['accepted']) > 40_000)}`) });
        return EMPTY;
      }),
    ),
  );
  world.run(20_000);
  expect(log).toEqual(['send/source true']);
  expect(Buffer.concat(parts).equals(Buffer.from(pattern(50_000)))).toBe(true);
  const left = observed(world.at.exec(commands.tcpip.links));
  world.run(1000);
  expect(left.values).toMatchObject([[{ link: 4 }]]);
  seen.leave();
});
