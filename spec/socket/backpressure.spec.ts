import { EMPTY, filter, merge, mergeMap, NEVER, Observable, Subject, take, tap } from 'rxjs';
import { type AtError, type AtModule, type Socket, tcp, toAsyncIterable } from '../../lib/index.js';
import { toNodeDuplex } from '../../lib/bridges/node/index.js';
import { toReadableStream } from '../../lib/bridges/web/index.js';
import { pulled, pullMap, pullThrough } from '../../operators/index.js';
import { emulator } from '../../transports/emulator/index.js';
import { type HostHandler, type HostConfig, type HostSocket, echo, inMemoryNetwork, sink, source } from '../../transports/emulator/network/index.js';
import { openModule, station } from '../../lib/index.js';
import { named, pattern, play, string } from './world.js';

const host = '192.168.4.2';
const pulls = (sent: readonly string[]): number => sent.filter((line) => line.startsWith('AT+CIPRECVDATA')).length;

describe('fairness', () => {
  it('gives four reading links 0.8 of a quarter each, with a fifth one stalled, at 115,200 baud', () => {
    const counts = [0, 0, 0, 0, 0];
    const end = 30_000;
    const { world } = play(
      (module) =>
        merge(
          ...counts.map((_, index) =>
            tcp(module, { host, port: 9000, link: index }).pipe(
              // The fifth is never read.
              mergeMap((socket) => (index === 4 ? EMPTY : pullMap((chunk: Uint8Array) => [(counts[index] = (counts[index] ?? 0) + chunk.length)])(socket))),
            ),
          ),
        ),
      { emulator: { baud: 115_200 }, network: { hosts: { [host]: { tcp: { 9000: source(new Uint8Array(1_000_000)) } } } } },
    );
    world.run(end);
    const total = counts.reduce((sum, count) => sum + count, 0);
    // The line itself takes 11,520 bytes a second.
    expect(total).toBeGreaterThan(0.85 * 11_520 * (end / 1000));
    expect(counts[4]).toBe(0);
    for (const count of counts.slice(0, 4)) expect(count).toBeGreaterThanOrEqual((0.8 * total) / 4);
  });

  it('makes a reader wait for one slice of a long send at most', () => {
    const arrivals: number[] = [];
    const { world } = play(
      (module, _log, here) =>
        merge(
          tcp(module, { host, port: 9001 }).pipe(mergeMap((socket) => socket.send(new Uint8Array(200_000)))),
          tcp(module, { host, port: 9000 }).pipe(mergeMap((socket) => pullMap(() => [arrivals.push(here.scheduler.now())])(socket))),
        ),
      { emulator: { baud: 115_200, dialect: 'v2' }, network: { hosts: { [host]: { tcp: { 9000: source(new Uint8Array(20_000), { rate: 2000, end: false }), 9001: sink() } } } } },
    );
    world.run(20_000);
    expect(arrivals.length).toBeGreaterThan(5);
    const gaps = arrivals.slice(1).map((at, index) => at - (arrivals[index] ?? 0));
    // A segment comes every 720 ms; a slice of 2048 bytes takes 178 ms on the line, the pull 125 ms.
    expect(Math.max(...gaps)).toBeLessThan(720 + 2 * 178 + 125);
  });
});

describe('commands on the wire', () => {
  const counting = (use: (socket: Socket, module: AtModule, consumed: () => void) => Observable<unknown>, data: Uint8Array, end = true): { pulled: number; consumed: number } => {
    let consumed = 0;
    const { world, sent } = play((module) => tcp(module, { host, port: 9000 }).pipe(mergeMap((socket) => use(socket, module, () => (consumed += 1)))), {
      network: { hosts: { [host]: { tcp: { 9000: source(data, { end }) } } } },
    });
    world.run(120_000);
    return { pulled: pulls(sent), consumed };
  };

  it.each([
    [1000, 0],
    [1000, 3],
    [5760, 0],
    [100, 1],
  ])('pullMap with chunks of %i and %i ahead pulls no more than it hands over, and its lead and one', (chunk, ahead) => {
    for (const end of [true, false]) {
      const { pulled: count, consumed } = counting((socket, _module, one) => pullMap(() => [one()], { chunk, ahead })(socket), pattern(chunk * 12), end);
      expect(consumed).toBeGreaterThanOrEqual(12);
      expect(count).toBeLessThanOrEqual(consumed + ahead + 1);
    }
  });

  /** How often a socket with plenty to give is asked by a consumer that never finishes with its third chunk. */
  const stopped = (use: (third: (chunk: Uint8Array) => Observable<unknown>, socket: Socket) => Observable<unknown>): { pulled: number; consumed: number } => {
    let chunks = 0;
    const never = (): Observable<unknown> => {
      chunks += 1;
      return chunks < 3 ? EMPTY : NEVER;
    };
    const { world, sent } = play((module) => tcp(module, { host, port: 9000 }).pipe(mergeMap((socket) => use(never, socket))), {
      network: { hosts: { [host]: { tcp: { 9000: source(new Uint8Array(50_000)) } } } },
    });
    world.run(60_000);
    return { pulled: pulls(sent), consumed: chunks };
  };

  it.each([0, 1, 4])('a consumer that stops asking stops the pulls, %i ahead', (ahead) => {
    expect(stopped((third, socket) => pullMap(third, { chunk: 700, ahead })(socket))).toEqual({ pulled: 3 + ahead, consumed: 3 });
  });

  it('a sink that stops taking stops the pulls', () => {
    expect(stopped((third, socket) => pullThrough((bytes) => bytes, third, { chunk: 700 })(socket))).toEqual({ pulled: 3, consumed: 3 });
  });

  it('pullThrough pulls as its sink takes, pulled as credit is given', () => {
    const through = counting(
      (socket, _module, one) =>
        pullThrough(
          (bytes) => bytes,
          () => [one()],
          { chunk: 500 },
        )(socket),
      new Uint8Array(6000),
    );
    expect(through.consumed).toBeGreaterThanOrEqual(12);
    expect(through.pulled).toBeLessThanOrEqual(through.consumed + 1);

    const credits = new Subject<number>();
    let bytes = 0;
    const credited = counting((socket, { scheduler }, one) => {
      for (let index = 1; index <= 4; index += 1) scheduler.schedule(() => credits.next(1000), index * 1000);
      return pulled({ demand: credits })(socket).pipe(
        tap((chunk) => {
          bytes += chunk.length;
          one();
        }),
      );
    }, new Uint8Array(50_000));
    expect(bytes).toBe(4000);
    expect(credited.consumed).toBeGreaterThanOrEqual(4);
    expect(credited.pulled).toBeLessThanOrEqual(credited.consumed + 1);
  });
});

/** Bridges live on promises: these run in real time. */
describe('commands on the wire of bridges', () => {
  const over = (data: Uint8Array, consume: (socket: Socket) => Promise<number>): Promise<{ pulled: number; consumed: number }> => {
    const sent: string[] = [];
    const network = inMemoryNetwork({ hosts: { [host]: { tcp: { 9000: source(data) } } } });
    return new Promise((resolve, reject) => {
      const life = openModule(emulator({ network, timing: { boot: 1, join: 1, dhcp: 1 } }), { trace: { next: ({ dir, text: line }) => dir === 'tx' && sent.push(line) } })
        .pipe(mergeMap((module) => station(module, { ssid: 'Espressif', password: '' }).pipe(filter(({ state }) => state === 'got-ip'), take(1), mergeMap(() => tcp(module, { host, port: 9000 })), mergeMap((socket) => consume(socket)))))
        .subscribe({
          next: (consumed) => {
            resolve({ pulled: pulls(sent), consumed });
            setTimeout(() => life.unsubscribe());
          },
          error: reject,
        });
    });
  };
  const data = pattern(30_000);

  it('for await', async () => {
    const parts: Uint8Array[] = [];
    const { pulled: count } = await over(data, async (socket) => {
      for await (const chunk of toAsyncIterable(socket)) if (parts.push(chunk) >= 4) break;
      return parts.length;
    });
    expect(Buffer.concat(parts).equals(Buffer.from(data.subarray(0, Buffer.concat(parts).length)))).toBe(true);
    expect(count).toBeLessThanOrEqual(5);
  });

  it('web streams', async () => {
    const { pulled: count, consumed } = await over(data, async (socket) => {
      const reader = toReadableStream(socket).getReader();
      for (let index = 0; index < 3; index += 1) expect((await reader.read()).value?.length).toBeGreaterThan(0);
      await new Promise((resolve) => setTimeout(resolve, 50));
      return 3;
    });
    expect(count).toBeLessThanOrEqual(consumed + 1);
  });

  it('Node duplex', async () => {
    const lengths: number[] = [];
    const { pulled: count, consumed } = await over(data, async (socket) => {
      for await (const chunk of toNodeDuplex(socket, { chunk: 1000 })) {
        if (lengths.push((chunk as Buffer).length) >= 3) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return lengths.length;
    });
    // What had been read ahead would come joined.
    expect(Math.max(...lengths)).toBeLessThanOrEqual(1000);
    expect(count).toBeLessThanOrEqual(consumed + 1);
  });
});

describe('an echoing peer with both windows full', () => {
  const total = 200_000;
  const narrow: HostConfig = { tcp: { 7: echo() }, window: 1460, sendBuffer: 1460 };

  it.each(['v2', 'v4'] as const)('flows with demand (%s)', (dialect) => {
    const data = pattern(total);
    const back: Buffer[] = [];
    let sentBytes = 0;
    const { world, log } = play(
      (module) =>
        tcp(module, { host, port: 7 }).pipe(
          mergeMap((socket) => merge(socket.send(data).pipe(tap(({ sent }) => (sentBytes = sent)), mergeMap(() => EMPTY)), pullMap((chunk: Uint8Array) => [back.push(Buffer.from(chunk))], { chunk: 1000 })(socket).pipe(mergeMap(() => EMPTY)))),
        ),
      { emulator: { dialect, baud: 921_600 }, network: { hosts: { [host]: narrow } } },
    );
    world.run(120_000);
    expect(log).toEqual([]);
    expect(sentBytes).toBe(total);
    expect(Buffer.concat(back).equals(Buffer.from(data))).toBe(true);
  });

  it.each(['v2', 'v4'] as const)('flows with a reader that takes its time (%s)', (dialect) => {
    const data = pattern(60_000);
    const back: Buffer[] = [];
    const { world, log } = play(
      (module, _log, { scheduler }) =>
        tcp(module, { host, port: 7 }).pipe(
          mergeMap((socket) => {
            const read = (): void =>
              void socket.read(1000).subscribe({
                next: (chunk) => {
                  back.push(Buffer.from(chunk));
                  scheduler.schedule(read, 20);
                },
                error: (error: unknown) => log.push(named(error)),
              });
            read();
            return socket.send(data).pipe(mergeMap(() => EMPTY));
          }),
        ),
      { emulator: { dialect, baud: 921_600 }, network: { hosts: { [host]: narrow } } },
    );
    world.run(240_000);
    expect(log).toEqual([]);
    expect(Buffer.concat(back).equals(Buffer.from(data))).toBe(true);
  });

  it.each([
    ['v2', 'a limit of its own', { sendTimeout: 3000 }, {}, 'send/failed'],
    ['v4', 'a limit of its own', { sendTimeout: 3000 }, {}, 'send/failed'],
    ['v2', 'the limit that stands for all', {}, {}, 'send/failed'],
    ['v4', 'the limit that stands for all', {}, {}, 'send/failed'],
    ['v4', 'one AT+CIPSENDL', {}, { bulk: total }, 'send/timeout'],
  ] as const)('ends in a typed error without demand, and the line is free again (%s, %s)', (dialect, _how, limit, options, failure) => {
    const { world, log } = play(
      (module, lines, { scheduler }) =>
        tcp(module, { host, port: 7, ...limit }).pipe(
          mergeMap((socket) => {
            const start = scheduler.now();
            socket.send(pattern(total), options).subscribe({
              error: (error: AtError) => {
                const accepted = Number(error.details['accepted']);
                lines.push(`${named(error)} ${String(accepted > 0 && accepted < 30_000)} ${String(scheduler.now() - start < ('sendTimeout' in limit ? 10_000 : 60_000))}`);
                socket.read(5).subscribe((chunk) => lines.push(String(string(chunk) === string(pattern(5)))));
              },
            });
            return EMPTY;
          }),
        ),
      { emulator: { dialect }, network: { hosts: { [host]: narrow } } },
    );
    world.run(120_000);
    expect(log).toEqual([`${failure} true true`, 'true']);
  });
});

describe('bulk sending', () => {
  const receiving = (parts: Buffer[], more: Partial<HostConfig> = {}): HostConfig => ({ tcp: { 9: sink({ each: (bytes) => parts.push(Buffer.from(bytes)) }) }, ...more });

  it('is one command whose progress is told, at the pace of the peer', () => {
    const data = pattern(100_000);
    const parts: Buffer[] = [];
    const progress: number[] = [];
    const { world, log, sent } = play(
      (module) => tcp(module, { host, port: 9 }).pipe(mergeMap((socket) => socket.send(data, { bulk: data.length }).pipe(tap(({ sent: count }) => progress.push(count)), mergeMap(() => EMPTY)))),
      { emulator: { baud: 921_600 }, network: { rate: 20_000, hosts: { [host]: receiving(parts) } } },
    );
    let ahead = 0;
    world.module.faults.add({ when: () => {
      ahead = Math.max(ahead, world.module.traffic.toModule - (progress[progress.length - 1] ?? 0));
      return false;
    }, act: { do: 'busy' } });
    world.run(120_000);
    expect(log).toEqual([]);
    expect(Buffer.concat(parts).equals(Buffer.from(data))).toBe(true);
    expect(sent.filter((line) => line.startsWith('AT+CIPSEND'))).toEqual([`AT+CIPSENDL=4,${String(data.length)}`]);
    expect(progress.length).toBeGreaterThan(10);
    expect(progress[progress.length - 1]).toBe(data.length);
    // What the module has got and not delivered is bounded, with room for the prologue's commands.
    expect(ahead).toBeLessThan(8192 + 4096 + 1500);
  });

  it('never lets plus signs stand alone on the line', () => {
    const chunks = ['abc', '+++', '+', '++', 'x', '+++'].map((part) => Buffer.from(part));
    const whole = Buffer.concat(chunks);
    const parts: Buffer[] = [];
    const { world, log } = play(
      (module, _log, { scheduler }) =>
        tcp(module, { host, port: 9 }).pipe(
          mergeMap((socket) => {
            const slow = {
              read: () =>
                new Observable<Uint8Array>((subscriber) => {
                  const next = chunks.shift();
                  scheduler.schedule(() => {
                    if (next !== undefined) subscriber.next(next);
                    subscriber.complete();
                  }, 200);
                }),
            };
            return socket.send(slow, { bulk: whole.length }).pipe(mergeMap(() => EMPTY));
          }),
        ),
      { network: { hosts: { [host]: receiving(parts) } } },
    );
    world.run(20_000);
    expect(log).toEqual([]);
    expect(Buffer.concat(parts).toString()).toBe(whole.toString());
  });

  it('is unsupported where there is no AT+CIPSENDL, and typed when the link dies', () => {
    const none = play((module) => tcp(module, { host, port: 9 }).pipe(mergeMap((socket) => socket.send(pattern(10), { bulk: 10 }))), { emulator: { dialect: 'v2' }, network: { hosts: { [host]: receiving([]) } } });
    none.world.run(10_000);
    expect(none.log).toEqual(['unsupported/command']);
    const dying: HostHandler = (socket) => {
      socket.scheduler.schedule(() => socket.destroy(), 300);
      return socket.incoming;
    };
    const died = play((module, lines) => tcp(module, { host, port: 9 }).pipe(mergeMap((socket) => {
      socket.send(pattern(100_000), { bulk: 100_000 }).subscribe({ error: (error: AtError) => lines.push(`${named(error)} ${String(Number(error.details['accepted']) > 0)}`) });
      return EMPTY;
    })), { emulator: { baud: 921_600 }, network: { rate: 20_000, hosts: { [host]: { tcp: { 9: dying } } } } });
    died.world.run(60_000);
    expect(died.log[0]).toMatch(/^(link\/closed|send\/failed) true$/);
  });
});

describe('10 MB through one passive socket', () => {
  it('arrive whole in a slow consumer, and never more than the window is held', () => {
    const total = 10_000_000;
    const window = 5760;
    const block = pattern(1 << 16);
    function* blocks(): Generator<Uint8Array> {
      for (let left = total; left > 0; left -= block.length) yield block.subarray(0, Math.min(left, block.length));
    }
    let received = 0;
    let wrong = 0;
    let peer: HostSocket | undefined;
    /** How far the peer was ahead of the consumer at most, and how often it was by the whole window. */
    let ahead = 0;
    let held = 0;
    const serve: HostHandler = (socket) => {
      peer = socket;
      return source(blocks)(socket);
    };
    const { world, sent } = play(
      (module, _log, { scheduler }) =>
        tcp(module, { host, port: 9000 }).pipe(
          mergeMap((socket) =>
            pullMap((chunk) => {
              for (let index = 0; index < chunk.length; index += 97) if (chunk[index] !== block[(received + index) & 0xffff]) wrong += 1;
              received += chunk.length;
              return new Observable<never>((subscriber) =>
                scheduler.schedule(() => {
                  const lead = (peer?.stats.sent ?? 0) - received;
                  ahead = Math.max(ahead, lead);
                  held += Number(lead === window);
                  subscriber.complete();
                }, 10),
              );
            })(socket),
          ),
        ),
      { network: { hosts: { [host]: { tcp: { 9000: serve } } } } },
    );
    world.run(10_000_000);
    expect(received).toBe(total);
    expect(wrong).toBe(0);
    expect(ahead).toBe(window);
    expect(held).toBeGreaterThan(0.5 * (total / window));
    expect(pulls(sent)).toBeLessThan(1.5 * (total / 5760));
  });
});
