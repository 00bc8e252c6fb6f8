import * as fc from 'fast-check';
import { EMPTY, ignoreElements, map, NEVER, type Observable, Subject, throwError, timer, VirtualTimeScheduler } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';
import type { Frame } from '../../operators/frame.js';
import { passthrough, type PassthroughConfig } from '../../operators/passthrough.js';
import { ascii, memorySource, text } from '../support/byteSources.js';
import { recordedLine } from '../support/line.js';
import { marbles } from '../support/marbles.js';

const raw = (words: string): Frame => ({ kind: 'raw', bytes: ascii(words) });
const silent: ByteSource = { read: () => NEVER };
const noControl = { next: (): void => undefined };

/** A source that gives each chunk so many ms after it was asked for, then ends. */
const after = (scheduler: VirtualTimeScheduler, chunks: readonly (readonly [number, string])[]): ByteSource => {
  const queue = [...chunks];
  return {
    read: () => {
      const next = queue.shift();
      return next ? timer(next[0], scheduler).pipe(map(() => ascii(next[1]))) : EMPTY;
    },
  };
};

type Setting = Partial<PassthroughConfig> & { readonly takes?: number };

/** Runs it under virtual time with these chunks going out; `incoming` is the other direction. */
const setUp = (chunks: readonly (readonly [number, string])[], setting: Setting = {}) => {
  const scheduler = new VirtualTimeScheduler();
  const { takes = 0, ...config } = setting;
  const line = recordedLine(scheduler, takes);
  const incoming = new Subject<Frame>();
  const seen: unknown[] = [];
  const subscription = incoming
    .pipe(passthrough({ outgoing: after(scheduler, chunks), write: line.write, control: line.control, scheduler, ...config }))
    .subscribe({
      next: (bytes) => seen.push(text(bytes)),
      error: (error) => seen.push(error),
      complete: () => seen.push(`end ${scheduler.now()}`),
    });
  return { scheduler, line, incoming, seen, subscription };
};

describe('passthrough', () => {
  it('emits the bytes of raw frames and nothing of others', () =>
    marbles().run(({ hot, expectObservable, expectSubscriptions }) => {
      const source = hot<Frame>('-a-l-b-|', { a: raw('a'), b: raw('b'), l: { kind: 'line', bytes: ascii('OK') } });
      const result = source.pipe(passthrough({ outgoing: silent, write: () => EMPTY, control: noControl }), map(text));
      expectObservable(result).toBe('-a---b-|');
      expectSubscriptions(source.subscriptions).toBe('^------!');
    }));

  it('ends frames, read and write when unsubscribed and on an error of any', () =>
    marbles().run(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const source = hot<Frame>('-------#');
      const read = cold<Uint8Array>('-(a|)', { a: ascii('a') });
      const noRead = cold<Uint8Array>('---#');
      const write = cold<never>('---------|');
      const noWrite = cold<never>('--#');
      const run = (from: Observable<Uint8Array>, to: Observable<never>): Observable<Uint8Array> =>
        source.pipe(passthrough({ outgoing: { read: () => from }, write: () => to, control: noControl }));
      expectObservable(run(read, write), '^---!').toBe('');
      expectObservable(run(noRead, write)).toBe('---#');
      expectObservable(run(read, noWrite)).toBe('---#');
      expectObservable(run(read, write)).toBe('-------#');
      expectSubscriptions(read.subscriptions).toBe(['^!', '^!', '^!']);
      expectSubscriptions(write.subscriptions).toBe(['-^--!', '-^-----!']);
      expectSubscriptions(source.subscriptions).toBe(['^---!', '^--!', '^--!', '^------!']);
    }));

  it('instructs raw, sends, and leaves with quiet around the escape', () => {
    const { scheduler, line, incoming, seen } = setUp([[5, 'hello'], [5, 'world']]);
    incoming.next(raw('peer'));
    timer(60, scheduler).subscribe(() => incoming.next(raw('late')));
    scheduler.flush();
    expect(line.log).toEqual([[0, '<raw>'], [5, 'hello'], [10, 'world'], [50, '+++'], [90, '<lines>']]);
    expect(seen).toEqual(['peer', 'late', 'end 90']);
    expect(incoming.observed).toBe(false);
  });

  it('reads again only when the write is done', () => {
    const scheduler = new VirtualTimeScheduler();
    const line = recordedLine(scheduler, 10);
    const outgoing = memorySource(['aaaa', 'bb'].map(ascii));
    outgoing.onRead = () => expect(line.writing).toBe(0);
    new Subject<Frame>().pipe(passthrough({ outgoing, write: line.write, control: line.control, scheduler, chunk: 3 })).subscribe();
    scheduler.flush();
    expect(line.log).toEqual([[0, '<raw>'], [0, 'aaa'], [10, 'a'], [20, 'bb'], [70, '+++'], [120, '<lines>']]);
    expect(outgoing.reads).toEqual([3, 3, 3, 3]);
    expect(line.overlaps).toBe(0);
  });

  it.each([[300, 340], [5000, 1040]])('waits for the line to drain before it counts the quiet, 1 s at most (%i ms)', (takes, escaped) => {
    const scheduler = new VirtualTimeScheduler();
    const line = recordedLine(scheduler);
    const drained = (): Observable<never> => timer(takes, scheduler).pipe(ignoreElements());
    const config = { outgoing: memorySource([]), write: line.write, control: line.control, drained, scheduler };
    new Subject<Frame>().pipe(passthrough(config)).subscribe();
    scheduler.flush();
    expect(line.log).toEqual([[0, '<raw>'], [escaped, '+++'], [2 * escaped, '<lines>']]);
  });

  it('waits inside pluses of the user as long as a held line takes', () => {
    const scheduler = new VirtualTimeScheduler();
    const line = recordedLine(scheduler);
    let held = 5000;
    const drained = (): Observable<never> => timer(held, scheduler).pipe(ignoreElements());
    const outgoing = memorySource([Uint8Array.of(0x2b, 0x2b), Uint8Array.of(0x2b), Uint8Array.of(0x61)]);
    const config = { outgoing, write: line.write, control: line.control, drained, scheduler };
    new Subject<Frame>().pipe(passthrough(config)).subscribe();
    scheduler.schedule(() => (held = 0), 4000);
    scheduler.flush();
    expect(line.log).toEqual([[0, '<raw>'], [0, '++'], [5040, '+'], [5040, 'a'], [5080, '+++'], [5120, '<lines>']]);
  });

  it('stays until `leaveAfter` emits or completes', () => {
    const stay = new Subject<void>();
    const { scheduler, line, incoming, seen } = setUp([[1, 'bye']], { leaveAfter: stay });
    timer(500, scheduler).subscribe(() => incoming.next(raw('answer')));
    timer(600, scheduler).subscribe(() => stay.next());
    scheduler.flush();
    expect(line.log).toEqual([[0, '<raw>'], [1, 'bye'], [640, '+++'], [680, '<lines>']]);
    expect(seen).toEqual(['answer', 'end 680']);
    expect(stay.observed).toBe(false);
  });

  it.each<[string, readonly (readonly [number, string])[], readonly (readonly [number, string])[]]>([
    ['one chunk', [[5, '+++']], [[5, '+'], [45, '++']]],
    ['two chunks', [[5, '+'], [5, '++']], [[5, '+'], [50, '++']]],
    ['three chunks', [[5, '+'], [0, '+'], [0, '+']], [[5, '+'], [5, '+'], [45, '+']]],
    ['slowly typed', [[5, '+'], [50, '+'], [50, '+']], [[5, '+'], [55, '+'], [145, '+']]],
    ['in the middle of others', [[5, 'a+++b']], [[5, 'a+++b']]],
  ])('sends a lone escape of the user with a pause inside: %s', (_, chunks, expected) => {
    const { scheduler, line } = setUp(chunks);
    scheduler.flush();
    const end = (expected[expected.length - 1]?.[0] ?? 0) + 40;
    expect(line.log).toEqual([[0, '<raw>'], ...expected, [end, '+++'], [end + 40, '<lines>']]);
  });

  it('keeps the configured quiet', () => {
    const { scheduler, line } = setUp([[0, '+++']], { guard: 50, gap: 70 });
    scheduler.flush();
    expect(line.log).toEqual([[0, '<raw>'], [0, '+'], [70, '++'], [140, '+++'], [210, '<lines>']]);
  });

  it('instructs nothing more when unsubscribed or failed, and leaves no timer, at any moment', () => {
    for (let until = 0; until < 140; until++) {
      const { scheduler, line, incoming, subscription } = setUp([[5, 'ab'], [5, '+++']], { takes: 3 });
      scheduler.maxFrames = until;
      scheduler.flush();
      const before = line.log.length;
      subscription.unsubscribe();
      expect(incoming.observed).toBe(false);
      scheduler.maxFrames = Infinity;
      scheduler.flush();
      expect(line.log).toHaveLength(before);
    }
    const failed = setUp([], { outgoing: memorySource([], { failure: 'gone' }) });
    failed.scheduler.flush();
    expect([failed.seen, failed.line.log]).toEqual([['gone'], [[0, '<raw>']]]);
  });

  it('completes without the escape when the frames do, and passes errors of drained and leaveAfter', () => {
    const closed = setUp([[5, 'ab'], [50, 'cd']]);
    timer(10, closed.scheduler).subscribe(() => closed.incoming.complete());
    closed.scheduler.flush();
    expect([closed.seen, closed.line.log]).toEqual([['end 10'], [[0, '<raw>'], [5, 'ab']]]);
    for (const config of [{ drained: () => throwError(() => 'gone') }, { leaveAfter: throwError(() => 'gone') }]) {
      const { scheduler, seen } = setUp([], config);
      scheduler.flush();
      expect(seen).toEqual(['gone']);
    }
  });

  it('errors on bad options before it instructs anything', () => {
    for (const [code, config] of Object.entries({ guard: { guard: 0 }, gap: { guard: 20, gap: 20 }, chunk: { chunk: 0 } })) {
      const { seen, line, incoming } = setUp([], config);
      expect(seen).toMatchObject([{ kind: 'usage', code }]);
      expect([line.log, incoming.observed]).toEqual([[], false]);
    }
  });

  it('never lets the module see a lone escape but the last, and changes no byte', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(0, 5, 19, 20, 21, 39, 40, 100), fc.constantFrom('+', '++', '+++', '++++', 'a', '+a')), { maxLength: 12 }),
        fc.constantFrom(0, 3, 30),
        fc.array(fc.tuple(fc.boolean(), fc.nat(19)), { minLength: 30, maxLength: 30 }),
        (chunks, takes, jitter) => {
          const { scheduler, line, seen } = setUp(chunks, { takes });
          scheduler.flush();
          const writes = line.log.filter(([, what]) => !what.startsWith('<'));
          expect(writes.map(([, what]) => what).join('')).toBe(`${chunks.map(([, chunk]) => chunk).join('')}+++`);
          expect(seen).toHaveLength(1);
          // As the module judges: bytes less than 20 ms apart belong together. A write reaches the line at its start or at its end, up to 19 ms late.
          const bursts: string[] = [];
          let last = -Infinity;
          writes.forEach(([start, what], i) => {
            const [atEnd, late] = jitter[i] ?? [false, 0];
            const time = Math.max(last, start + (atEnd ? takes : 0) + late);
            bursts.push(time - last >= 20 ? what : `${bursts.pop() ?? ''}${what}`);
            last = time;
          });
          expect(bursts.filter((burst) => burst === '+++')).toHaveLength(1);
          expect(bursts[bursts.length - 1]).toBe('+++');
        },
      ),
      { numRuns: 500 },
    ));
});
