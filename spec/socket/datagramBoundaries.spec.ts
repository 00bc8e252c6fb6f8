import { concat, concatMap, defer, EMPTY, ignoreElements, mergeMap, type Observable, repeat, timer } from 'rxjs';
import { commands, type Datagram, udp } from '../../lib/index.js';
import { seeded } from '../support/virtualModule.js';
import { pattern, play } from './world.js';

const here = { address: '192.168.4.100', port: 5000 };
const sizes = [1, 2, 17, 90, 300, 700, 1472];

/** Where each begins and ends in what they are together. */
const spans = (parts: readonly { readonly length: number }[]): readonly string[] => {
  let end = 0;
  return parts.map(({ length }) => `${String(end)}-${String((end += length))}`);
};

/** What a reader with moods got of datagrams that came in bursts and alone, while other commands ran; and what was sent. */
const traffic = (dialect: 'v2' | 'v4', seed: number, receive: 'passive' | 'active', quiet: number) => {
  const random = seeded(seed);
  const pick = (most: number): number => Math.floor(random() * most);
  const all = Buffer.from(pattern(100_000, seed));
  const sent: Buffer[] = [];
  const got: Datagram[] = [];
  let at = 0;
  const { world, log } = play(
    (module, _log, { network, scheduler, module: board }) => {
      const peer = network.bind(7);
      board.faults.add({ when: ({ point }) => point === 'announce' && random() < quiet, act: { do: 'drop' } });
      const say = (left: number): void => {
        const size = sizes[pick(sizes.length)] ?? 1;
        // The module drops what its window has no room for.
        if (at + size - got.reduce((sum, { bytes }) => sum + bytes.length, 0) <= 5000) {
          sent.push(all.subarray(at, (at += size)));
          peer.send(all.subarray(at - size, at), here);
        }
        if (left > 0) scheduler.schedule(() => say(left - 1), [0, 0, 1, 3, 30, 80, 400][pick(7)]);
      };
      scheduler.schedule(() => say(60), 100);
      const mood = (): Observable<unknown> => [EMPTY, EMPTY, timer(pick(60), scheduler), module.exec(commands.wifi.modeQuery)][pick(4)] ?? EMPTY;
      return udp(module, { host: '192.168.4.2', port: 7, localPort: 5000, receive }).pipe(
        mergeMap((socket) =>
          defer(() => socket.read()).pipe(
            concatMap((datagram) => {
              got.push(datagram);
              return concat(mood().pipe(ignoreElements()), random() < 0.3 ? socket.send(pattern(3)) : EMPTY);
            }),
            repeat(),
          ),
        ),
      );
    },
    { emulator: { dialect }, network: { hosts: { '192.168.4.2': { udp: { 7: () => EMPTY } } } } },
  );
  world.run(60_000);
  return { sent, got, log };
};

describe.each(['v2', 'v4'] as const)('datagrams of %s at random', (dialect) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('passively: no byte is lost, and what is not joined is one (seed %i)', (seed) => {
    const { sent, got, log } = traffic(dialect, seed, 'passive', seed % 2 === 0 ? 0.1 : 0);
    expect(log).toEqual([]);
    expect(Buffer.concat(got.map(({ bytes }) => bytes)).equals(Buffer.concat(sent))).toBe(true);
    expect(got.filter(({ truncated, lost }) => truncated || lost > 0)).toEqual([]);
    const one = new Set(spans(sent));
    const places = spans(got.map(({ bytes }) => bytes));
    const single = places.filter((_, index) => got[index]?.joined === false);
    expect(single.filter((place) => !one.has(place))).toEqual([]);
    // Otherwise the test proves nothing.
    expect([single.length > 0, places.length > single.length]).toEqual([true, true]);
  });

  it.each([1, 2, 3])('actively: each is one (seed %i)', (seed) => {
    const { sent, got, log } = traffic(dialect, seed, 'active', 0);
    expect([log, got.map(({ bytes }) => Buffer.from(bytes)), got.some(({ joined }) => joined)]).toEqual([[], sent, false]);
  });
});
