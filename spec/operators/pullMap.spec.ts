import * as fc from 'fast-check';
import { concat, defer, finalize, ignoreElements, NEVER, type Observable, of, take, throwError, timer, VirtualTimeScheduler } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';
import { pullMap } from '../../operators/pullMap.js';
import { ascii, memorySource, text } from '../support/byteSources.js';
import { marbles } from '../support/marbles.js';

const one = ascii('1');
const two = ascii('2');

/** A source that answers its reads with these, in order. */
const reads = (...answers: Observable<Uint8Array>[]): ByteSource => ({ read: () => answers.shift() ?? NEVER });

describe('pullMap', () => {
  it('reads again only after the inner one completed', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold<Uint8Array>('--(a|)', { a: one });
      const second = cold<Uint8Array>('-(b|)', { b: two });
      const end = cold<Uint8Array>('-|');
      const inner = cold<string>('x--y|');
      //                                      --x--y|
      expectObservable(pullMap(() => inner)(reads(first, second, end))).toBe('--x--y-x--y-|');
      expectSubscriptions(first.subscriptions).toBe(' ^-!');
      expectSubscriptions(inner.subscriptions).toBe(['--^---!', '-------^---!']);
      expectSubscriptions(second.subscriptions).toBe('------^!');
      expectSubscriptions(end.subscriptions).toBe('   -----------^!');
    }));

  it('reads in advance up to `ahead` chunks', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const chunk = cold<Uint8Array>('-(a|)', { a: one });
      const end = cold<Uint8Array>('|');
      const inner = cold<string>('-----x|');
      const result = pullMap(() => inner, { ahead: 2 })(reads(chunk, chunk, chunk, chunk, end));
      expectObservable(result).toBe('------x-----x-----x-----x|');
      // Three at once: one in work, two waiting; the fourth when the first is done.
      expectSubscriptions(chunk.subscriptions).toBe(['^!', '-^!', '--^!', '-------^!']);
      expectSubscriptions(end.subscriptions).toBe('-------------(^!)');
    }));

  it('ends the read, and the inner one, when unsubscribed', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const read = cold<Uint8Array>('--(a|)', { a: one });
      const inner = cold<string>('x--y|');
      expectObservable(pullMap(() => inner)(reads(read)), '^!').toBe('');
      expectObservable(pullMap(() => inner)(reads(read)), '^---!').toBe('--x');
      expectSubscriptions(read.subscriptions).toBe(['^!', '^-!']);
      expectSubscriptions(inner.subscriptions).toBe('--^-!');
    }));

  it('passes an error of the inner one and ends the read in advance', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const read = cold<Uint8Array>('-(a|)', { a: one });
      const slow = cold<Uint8Array>('---------a');
      const inner = cold<string>('x-#');
      expectObservable(pullMap(() => inner, { ahead: 1 })(reads(read, slow))).toBe('-x-#');
      expectSubscriptions(slow.subscriptions).toBe('-^-!');
    }));

  it('passes an error of the source and ends the inner one', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const read = cold<Uint8Array>('-(a|)', { a: one });
      const failing = cold<Uint8Array>('--#');
      const inner = cold<string>('x------|');
      expectObservable(pullMap(() => inner, { ahead: 1 })(reads(read, failing))).toBe('-x-#');
      expectSubscriptions(inner.subscriptions).toBe('-^-!');
    }));

  it('passes on what project throws, and errors on bad options without reading', () => {
    const source = memorySource([one]);
    const seen: unknown[] = [];
    const project = (): Observable<never> => {
      throw 'thrown';
    };
    pullMap(project)(source).subscribe({ error: (error) => seen.push(error) });
    expect(seen).toEqual(['thrown']);
    for (const config of [{ chunk: 0 }, { chunk: 1.5 }, { ahead: -1 }, { ahead: Infinity }])
      pullMap(() => of(1), config)(source).subscribe({ error: (error) => seen.push(error) });
    expect(seen.slice(1)).toMatchObject(['chunk', 'chunk', 'ahead', 'ahead'].map((code) => ({ kind: 'usage', code })));
    expect(source.reads).toHaveLength(1);
  });

  it('passes `chunk` to the reads and the index to project', () => {
    const source = memorySource([ascii('abcdefg')]);
    const seen: string[] = [];
    pullMap((chunk, index) => of(`${index}${text(chunk)}`), { chunk: 3 })(source).subscribe((value) => seen.push(value));
    expect(seen).toEqual(['0abc', '1def', '2g']);
    expect(source.reads).toEqual([3, 3, 3, 3]);
  });

  it.each([0, 3])('takes 100,000 synchronous chunks, ahead = %i', (ahead) => {
    const source = memorySource(Array.from({ length: 100_000 }, () => one));
    let count = 0;
    let completed = false;
    pullMap((chunk) => of(chunk.length), { ahead })(source).subscribe({ next: (n) => (count += n), complete: () => (completed = true) });
    expect([count, completed, source.outstanding]).toEqual([100_000, true, 0]);
  });

  it('stops a synchronous run at once when unsubscribed from within', () => {
    const source = memorySource(Array.from({ length: 100 }, () => one));
    let count = 0;
    pullMap(() => of(1))(source)
      .pipe(take(3))
      .subscribe(() => count++);
    expect(count).toBe(3);
    expect(source.reads).toHaveLength(3);
  });

  it('never holds more than `ahead` chunks, keeps the order, and leaves nothing behind at any moment of unsubscribing', () =>
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.option(fc.nat(5), { nil: undefined }), fc.nat(5)), { maxLength: 12 }),
        fc.nat(4),
        fc.nat(60),
        (steps, ahead, until) => {
          const scheduler = new VirtualTimeScheduler();
          let reading = 0;
          let working = 0;
          let unfinished = 0;
          let at = 0;
          const violations: string[] = [];
          const source: ByteSource = {
            read: () =>
              defer(() => {
                if (reading++ > 0) violations.push('two reads');
                if (unfinished > ahead) violations.push('too far ahead');
                const turn = at++;
                const step = steps[turn];
                const chunk = step ? of(Uint8Array.of(turn)) : of<Uint8Array>();
                if (step) unfinished++;
                const wait = step?.[0] === undefined ? of<never>() : timer(step[0], scheduler).pipe(ignoreElements());
                return concat(wait, chunk).pipe(finalize(() => reading--));
              }),
          };
          const seen: number[] = [];
          let completed = false;
          const subscription = pullMap(
            (chunk, index) => {
              if (working++ > 0) violations.push('two inner ones');
              if (chunk[0] !== index) violations.push('out of order');
              return timer(steps[index]?.[1] ?? 0, scheduler).pipe(
                finalize(() => {
                  working--;
                  unfinished--;
                }),
              );
            },
            { ahead },
          )(source).subscribe({ next: () => seen.push(seen.length), complete: () => (completed = true) });
          scheduler.maxFrames = until;
          scheduler.flush();
          subscription.unsubscribe();
          expect([reading, working, violations]).toEqual([0, 0, []]);
          const all = steps.reduce((sum, [wait = 0, work]) => sum + wait + work, 0);
          if (all <= until) expect([completed, seen.length]).toEqual([true, steps.length]);
        },
      ),
      { numRuns: 300 },
    ));

  it('passes an error of the source after what came before it', () => {
    const source = memorySource([one], { failure: 'gone' });
    const seen: unknown[] = [];
    pullMap(() => throwError(() => 'never'))(memorySource([], { failure: 'gone' })).subscribe({ error: (e) => seen.push(e) });
    pullMap(() => of(1))(source).subscribe({ next: (n) => seen.push(n), error: (e) => seen.push(e) });
    expect(seen).toEqual(['gone', 1, 'gone']);
  });
});
