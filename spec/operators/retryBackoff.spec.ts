import * as fc from 'fast-check';
import { concat, defer, type Observable, of, throwError, VirtualTimeScheduler } from 'rxjs';
import { AtError, type Retry } from '../../operators/atError.js';
import { retryBackoff, type RetryBackoffConfig } from '../../operators/retryBackoff.js';
import { marbles } from '../support/marbles.js';

const failure = (retry: Retry): AtError => new AtError({ kind: 'link', code: 'refused', message: 'refused', retry });

/** The virtual times at which a source that always fails this way was subscribed, and what came of it. */
const tries = (error: unknown, config: RetryBackoffConfig, until = Infinity): { times: number[]; result: unknown } => {
  const scheduler = new VirtualTimeScheduler();
  const times: number[] = [];
  let result: unknown;
  const source = defer(() => {
    times.push(scheduler.now());
    return throwError(() => error);
  });
  const subscription = source.pipe(retryBackoff({ ...config, scheduler })).subscribe({ error: (e: unknown) => (result = e) });
  scheduler.maxFrames = until;
  scheduler.flush();
  subscription.unsubscribe();
  return { times, result };
};

describe('retryBackoff', () => {
  it('subscribes again after pauses that double', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<string>('a-#', undefined, failure('safe'));
      const result = source.pipe(retryBackoff({ initial: 2, attempts: 2 }));
      expectObservable(result).toBe('a---a-----a-#', undefined, failure('safe'));
      expectSubscriptions(source.subscriptions).toBe(['^-!', '----^-!', '----------^-!']);
    }));

  it('ends the source or the pause when unsubscribed, and completes with the source', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<string>('a-#', undefined, failure('safe'));
      expectObservable(source.pipe(retryBackoff({ initial: 5 })), '^!').toBe('a');
      expectObservable(source.pipe(retryBackoff({ initial: 5 })), '^---!').toBe('a');
      expectSubscriptions(source.subscriptions).toBe(['^!', '^-!']);
      const fine = cold<string>('a-|');
      expectObservable(fine.pipe(retryBackoff())).toBe('a-|');
      expectSubscriptions(fine.subscriptions).toBe('^-!');
    }));

  it('uses 500 ms to 30 s and never gives up by default', () => {
    const { times, result } = tries(failure('safe'), {}, 200_000);
    const pauses = times.slice(1).map((time, i) => time - (times[i] as number));
    expect(pauses).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000, 30000, 30000]);
    expect(result).toBeUndefined();
  });

  it('reads the retry of the error', () => {
    const count = (error: unknown, config: RetryBackoffConfig = {}): number => tries(error, { attempts: 3, ...config }).times.length;
    expect(count(failure('safe'))).toBe(4);
    expect(count(failure('unknown'))).toBe(1);
    expect(count(failure('unknown'), { unknown: true })).toBe(4);
    expect(count(failure('never'), { unknown: true })).toBe(1);
    expect(count(new Error('foreign'), { unknown: true })).toBe(1);
    expect(count(new Error('foreign'), { shouldRetry: () => true })).toBe(4);
    expect(count(failure('safe'), { shouldRetry: () => false })).toBe(1);
    expect(count(failure('safe'), { attempts: 0 })).toBe(1);
  });

  it('passes the last error itself, and what shouldRetry throws', () => {
    const error = failure('safe');
    expect(tries(error, { attempts: 2 }).result).toBe(error);
    const shouldRetry = (): boolean => {
      throw 'thrown';
    };
    expect(tries(error, { shouldRetry }).result).toBe('thrown');
  });

  it('draws the pause from the part left to chance', () => {
    expect(tries(failure('safe'), { initial: 100, jitter: 0.5, random: () => 0, attempts: 2 }).times).toEqual([0, 100, 300]);
    expect(tries(failure('safe'), { initial: 100, jitter: 0.5, random: () => 0.5, attempts: 2 }).times).toEqual([0, 75, 225]);
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(5000), fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 0.999, noNaN: true }), (initial, max, jitter, draw) => {
        const { times } = tries(failure('safe'), { initial, max, jitter, random: () => draw, attempts: 6 });
        expect(times).toHaveLength(7);
        times.slice(1).forEach((time, i) => {
          const full = Math.min(max, initial * 2 ** i);
          const pause = time - (times[i] as number);
          expect(pause).toBeLessThanOrEqual(full + 1e-6);
          expect(pause).toBeGreaterThanOrEqual(full * (1 - jitter) - 1e-6);
        });
      }),
      { numRuns: 50 },
    );
  });

  it('starts anew after a value only if asked', () => {
    const run = (resetOnEmit: boolean): number[] => {
      const scheduler = new VirtualTimeScheduler();
      const times: number[] = [];
      const source: Observable<string> = defer(() => {
        times.push(scheduler.now());
        return times.length === 3 ? concat(of('up'), throwError(() => failure('safe'))) : throwError(() => failure('safe'));
      });
      scheduler.maxFrames = 600;
      source.pipe(retryBackoff({ initial: 100, scheduler, resetOnEmit })).subscribe();
      scheduler.flush();
      return times;
    };
    expect(run(true)).toEqual([0, 100, 300, 400, 600]);
    expect(run(false)).toEqual([0, 100, 300]);
  });

  it('counts for each subscriber, and keeps its pauses finite', () => {
    const scheduler = new VirtualTimeScheduler();
    let subscribed = 0;
    const source = defer(() => (subscribed++, throwError(() => failure('safe')))).pipe(retryBackoff({ attempts: 1, scheduler }));
    source.subscribe({ error: () => undefined });
    source.subscribe({ error: () => undefined });
    scheduler.flush();
    expect(subscribed).toBe(4);
    const endless = tries(failure('safe'), { initial: 0, max: Infinity, attempts: 1100 });
    expect(endless.times).toHaveLength(1101);
    expect(endless.times.every((time) => time === 0)).toBe(true);
    const long = tries(failure('safe'), { initial: 1, max: Infinity, attempts: 40 });
    expect((long.times[40] as number) - (long.times[39] as number)).toBe(0x7fffffff);
  });

  it.each([{ initial: -1 }, { initial: NaN }, { initial: Infinity }, { max: -1 }, { attempts: NaN }, { jitter: 1.1 }])(
    'errors on %p without subscribing',
    (config) => {
      const { times, result } = tries(failure('safe'), config);
      expect(times).toEqual([]);
      expect(result).toMatchObject({ kind: 'usage', code: Object.keys(config)[0] });
    },
  );
});
