import { concat, finalize, NEVER, Observable, of, range, Subject, take, throwError, type Subscriber } from 'rxjs';
import { runInner } from '../../operators/runInner.js';
import { trampoline } from '../../operators/trampoline.js';
import { marbles } from '../support/marbles.js';

const own = (use: (owner: Subscriber<number>) => void): Observable<number> => new Observable<number>(use);

describe('runInner', () => {
  it('ends the inner subscription with the owner', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const inner = cold<number>('a-b-c-d|', { a: 1, b: 2, c: 3, d: 4 });
      const result = own((owner) => runInner(owner, () => inner, (value) => owner.next(value), () => owner.complete()));
      expectObservable(result, '^---!').toBe('a-b--', { a: 1, b: 2 });
      expectSubscriptions(inner.subscriptions).toBe('^---!');
    }));

  it('calls done after the teardown of the inner one', () => {
    const log: string[] = [];
    const inner = of(1).pipe(finalize(() => log.push('teardown')));
    own((owner) => runInner(owner, () => inner, () => log.push('next'), () => log.push('done'))).subscribe();
    expect(log).toEqual(['next', 'teardown', 'done']);
  });

  it('does the same when the inner one completes later', () => {
    const log: string[] = [];
    const subject = new Subject<number>();
    const inner = subject.pipe(finalize(() => log.push('teardown')));
    own((owner) => runInner(owner, () => inner, () => log.push('next'), () => log.push('done'))).subscribe();
    subject.next(1);
    expect(log).toEqual(['next']);
    subject.complete();
    expect(log).toEqual(['next', 'teardown', 'done']);
  });

  it('stops a synchronous source when the owner ends in the middle of it', () => {
    let produced = 0;
    const endless = new Observable<number>((subscriber) => {
      while (!subscriber.closed && produced < 1000) subscriber.next(produced++);
    });
    const seen: number[] = [];
    own((owner) => runInner(owner, () => endless, (value) => owner.next(value), () => owner.complete()))
      .pipe(take(3))
      .subscribe((value) => seen.push(value));
    expect(seen).toEqual([0, 1, 2]);
    expect(produced).toBe(3);
  });

  it.each([
    ['an error', () => throwError(() => 'broken')],
    ['a throw', (): Observable<number> => {
      throw 'broken';
    }],
  ])('hands %s to the owner and not to done', (_, input) => {
    const log: unknown[] = [];
    own((owner) => runInner(owner, input, () => undefined, () => log.push('done'))).subscribe({ error: (error) => log.push(error) });
    expect(log).toEqual(['broken']);
  });

  it('does not subscribe for an owner that has ended, and leaves nothing on a living one', () => {
    let subscribed = 0;
    const inner = concat(of(1), NEVER).pipe((source) => new Observable<number>((s) => (subscribed++, source.subscribe(s))));
    own((owner) => {
      owner.complete();
      runInner(owner, () => inner, () => undefined, () => undefined);
    }).subscribe();
    expect(subscribed).toBe(0);
  });
});

describe('trampoline', () => {
  it('turns calls from within into further turns without a stack', () => {
    let turns = 0;
    let depth = 0;
    const run = trampoline(() => {
      expect(++depth).toBe(1);
      if (++turns < 100_000) run();
      depth--;
    });
    run();
    expect(turns).toBe(100_000);
  });

  it('makes one further turn of several calls, and can be asked again later', () => {
    let turns = 0;
    const run = trampoline(() => {
      if (++turns === 1) range(0, 3).subscribe(() => run());
    });
    run();
    expect(turns).toBe(2);
    run();
    expect(turns).toBe(3);
  });

  it('survives a step that throws', () => {
    let turns = 0;
    const run = trampoline(() => {
      if (++turns === 1) throw new Error('once');
    });
    expect(run).toThrow('once');
    run();
    expect(turns).toBe(2);
  });
});
