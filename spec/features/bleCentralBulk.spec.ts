import { map, Subject, tap } from 'rxjs';
import { observed } from '../support/joinedModule.js';
import { bytesOf, dialects, synchronised } from './bleHarness.js';
import { discovered, failure, notify, only, saying } from './bleCentralHarness.js';

/** Bytes a second at 115200 bit/s. */
const rate = 11_520;
const chunk = 192;

const valueOf = (index: number): string => `\r\nOK\r\n+${index}\r\n>`;
const numberOf = (bytes: Uint8Array): number => Number(/\+(\d+)/.exec(String.fromCharCode(...bytes))?.[1]);

const count = 100_000;

describe.each(dialects)('100,000 notifications as fast as the line carries them in %s', (firmware) => {
  it('keep their order for whoever takes them, and no queue outgrows its limit', () => {
    const injected = new Subject<Uint8Array>();
    const world = discovered(firmware, {}, saying(injected));
    const told = only(world.tree.characteristic('A002', 'C305', 'notify'));
    let next = 0;
    let disorder = 0;
    const all = told.notifications().subscribe({
      next: (value) => {
        if (numberOf(value) !== next) disorder += 1;
        next += 1;
      },
      error: () => (disorder = -1),
    });
    // One value each 100 ms, a fraction of what comes.
    const demand = new Subject<number>();
    const held = observed(told.notifications({ overflow: 'error', demand }));
    const oldest = observed(told.notifications({ queueLimit: 50, overflow: 'drop-oldest', demand }).pipe(map(numberOf), tap((number) => behind.push(next - number))));
    const newest = observed(told.notifications({ queueLimit: 50, overflow: 'drop-newest', demand }).pipe(map(numberOf), tap((number) => ahead.push(next - number))));
    const behind: number[] = [];
    const ahead: number[] = [];
    world.run(1000);
    const text = Array.from({ length: count }, (_, index) => `+NOTIFY:0,3,6,${valueOf(index).length},${valueOf(index)}\r\n`).join('');
    const bytes = bytesOf(text);
    const feed = (at: number): void => {
      if (at >= bytes.length + 8 * rate) return;
      if (at < bytes.length) injected.next(bytes.subarray(at, at + chunk));
      if ((at / chunk) % 6 === 0) demand.next(1);
      world.scheduler.schedule(() => feed(at + chunk), (chunk / rate) * 1000);
    };
    feed(0);
    const time = (bytes.length / rate) * 1000;
    world.run(time + 20_000);
    expect([next, disorder]).toEqual([count, 0]);
    expect(failure(held.error)).toEqual(['link', 'overflow']);
    // What was taken until the 65th waited.
    expect(held.values.length).toBeLessThan(30);
    // A drop costs the oldest or the newest, never the order: what is taken is at most fifty values old, or as new as there was room.
    for (const { values, error } of [oldest, newest]) {
      expect(error).toBeUndefined();
      expect(values.length).toBeGreaterThan(time / 100);
      expect(values.every((value, at) => at === 0 || value > (values[at - 1] ?? Infinity))).toBe(true);
    }
    expect(Math.max(...behind.slice(0, Math.floor(time / 100)))).toBeLessThanOrEqual(51);
    expect([oldest.values.at(-1), newest.values.at(-1)]).toEqual([count - 1, expect.any(Number)]);
    expect(Math.max(...ahead)).toBeGreaterThan(1000);
    all.unsubscribe();
    for (const log of [oldest, newest]) log.leave();
    world.run();
    expect(world.client.sent.filter((line) => line.startsWith('AT+BLEGATTCWR'))).toHaveLength(2);
    const refused = observed(notify('x')(world.server.at));
    world.run();
    expect(failure(refused.error)).toEqual(['command', 'rejected']);
    synchronised(world, world.client);
  });
});
