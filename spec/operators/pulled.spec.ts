import * as fc from 'fast-check';
import { from, NEVER, type Observable, of, Subject } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';
import { pulled } from '../../operators/pulled.js';
import { ascii, memorySource, text } from '../support/byteSources.js';
import { marbles } from '../support/marbles.js';

const abc = ascii('abc');
const reads = (...answers: Observable<Uint8Array>[]): ByteSource => ({ read: () => answers.shift() ?? NEVER });

const log = (source: Observable<Uint8Array>): unknown[] => {
  const seen: unknown[] = [];
  source.subscribe({ next: (bytes) => seen.push(text(bytes)), error: (error) => seen.push(error), complete: () => seen.push('end') });
  return seen;
};

describe('pulled', () => {
  it('reads when credit is granted, and only then', () =>
    marbles().run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const demand = hot('      ---a----b----', { a: 3, b: 1 });
      const first = cold<Uint8Array>('-(x|)', { x: abc });
      const end = cold<Uint8Array>('  --|');
      expectObservable(pulled({ demand })(reads(first, end))).toBe('----x-----|', { x: abc });
      expectSubscriptions(first.subscriptions).toBe('---^!');
      expectSubscriptions(end.subscriptions).toBe('  --------^-!');
      expectSubscriptions(demand.subscriptions).toBe('^---------!');
    }));

  it('ends the notifier and the read when unsubscribed, and on an error of either', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const demand = cold('-a-----', { a: 5 });
      const broken = cold('-a-#', { a: 5 });
      const open = cold<Uint8Array>('----');
      const failing = cold<Uint8Array>('-#');
      expectObservable(pulled({ demand })(reads(open)), '^--!').toBe('');
      expectObservable(pulled({ demand })(reads(failing))).toBe('--#');
      expectObservable(pulled({ demand: broken })(reads(open))).toBe('---#');
      expectSubscriptions(demand.subscriptions).toBe(['^--!', '^-!']);
      expectSubscriptions(open.subscriptions).toBe(['-^-!', '-^-!']);
    }));

  it('completes when the notifier is done and its credit used up, not before', () =>
    marbles().run(({ cold, expectObservable }) => {
      const read = cold<Uint8Array>('--(x|)', { x: abc });
      expectObservable(pulled({ demand: cold('a|', { a: 3 }) })(reads(read))).toBe('--(x|)', { x: abc });
      expectObservable(pulled({ demand: cold('a|', { a: 4 }) })(reads(read))).toBe('--x', { x: abc });
      expectObservable(pulled({ demand: cold<number>('--|') })(reads(read))).toBe('--|');
    }));

  it('asks for the credit at most, and for `chunk` at most', () => {
    const source = memorySource([ascii('abcdefghij')]);
    expect(log(pulled({ demand: of(7), chunk: 3 })(source))).toEqual(['abc', 'def', 'g', 'end']);
    expect(source.reads).toEqual([3, 3, 1]);
    expect(log(pulled({ demand: of(2, 2, 0) })(source))).toEqual(['hi', 'j', 'end']);
    expect(log(pulled({ demand: of(Infinity) })(memorySource([abc])))).toEqual(['abc', 'end']);
  });

  it('takes grants from within its own emission', () => {
    const demand = new Subject<number>();
    const source = memorySource(Array.from({ length: 50_000 }, () => abc));
    let count = 0;
    let completed = false;
    pulled({ demand })(source).subscribe({
      next: (bytes) => {
        count += bytes.length;
        demand.next(bytes.length);
      },
      complete: () => (completed = true),
    });
    demand.next(3);
    expect([count, completed]).toEqual([150_000, true]);
  });

  it('holds a chunk longer than asked for until the credit covers it', () => {
    const demand = new Subject<number>();
    const seen = log(pulled({ demand })(reads(of(abc), NEVER)));
    demand.next(1);
    expect(seen).toEqual([]);
    demand.next(1);
    expect(seen).toEqual([]);
    demand.next(1);
    expect(seen).toEqual(['abc']);
    expect(log(pulled({ demand: of(2) })(reads(of(abc))))).toMatchObject([{ kind: 'usage', code: 'credit', details: { held: 3, credit: 2 } }]);
  });

  it('errors on what is no byte count', () => {
    for (const bad of [-1, 0.5, NaN])
      expect(log(pulled({ demand: of(bad) })(memorySource([abc])))).toMatchObject([{ kind: 'usage', code: 'demand' }]);
    expect(log(pulled({ demand: NEVER, chunk: 0 })(memorySource([abc])))).toMatchObject([{ kind: 'usage', code: 'chunk' }]);
  });

  it('emits what was granted, in order, no byte more', () =>
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ minLength: 1, maxLength: 9 }), { maxLength: 8 }),
        fc.array(fc.nat(7), { maxLength: 12 }),
        fc.option(fc.integer({ min: 1, max: 5 }), { nil: undefined }),
        (chunks, grants, chunk) => {
          const all = chunks.flatMap((bytes) => [...bytes]);
          const granted = grants.reduce((sum, bytes) => sum + bytes, 0);
          const seen: number[] = [];
          let completed = false;
          const demand = from(grants);
          pulled(chunk === undefined ? { demand } : { demand, chunk })(memorySource(chunks)).subscribe({
            next: (bytes) => seen.push(...bytes),
            complete: () => (completed = true),
          });
          expect(seen).toEqual(all.slice(0, granted));
          expect(completed).toBe(true);
        },
      ),
    ));
});
