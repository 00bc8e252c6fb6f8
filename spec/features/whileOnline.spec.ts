import { NEVER, Observable, of, throwError } from 'rxjs';
import { type RunHelpers, TestScheduler } from 'rxjs/testing';
import { type StationState, whileOnline } from '../../lib/index.js';

const online: StationState = { state: 'got-ip', address: '192.168.4.15', gateway: undefined, netmask: undefined };
const states: Readonly<Record<string, StationState>> = { c: { state: 'connected' }, g: online, d: { state: 'disconnected' } };

const marbles = (test: (helpers: RunHelpers) => void) => (): void => new TestScheduler((actual, expected) => expect(actual).toEqual(expected)).run(test);

describe('whileOnline', () => {
  it('runs the work from an address to the next loss, and anew', marbles(({ hot, cold, expectObservable, expectSubscriptions }) => {
    const source = hot('  c-g----d--c-g---|', states);
    const work = cold('     x-y-z-x');
    const expected = '    --x-y-z-----x-y-z-x';
    expectObservable(source.pipe(whileOnline(() => work, { patience: Infinity })), '-------------------!').toBe(expected);
    expectSubscriptions(work.subscriptions).toBe(['--^----!', '------------^------!']);
    expectSubscriptions(source.subscriptions).toBe('^---------------!');
  }));

  it('hands the address to the work', () => {
    const seen: unknown[] = [];
    of<StationState>(online).pipe(whileOnline(({ address }) => of(address))).subscribe((address) => seen.push(address));
    expect(seen).toEqual(['192.168.4.15']);
  });

  it('errors `offline` where no address comes back in time, association or not', marbles(({ hot, expectObservable, expectSubscriptions }) => {
    const source = hot('g--d---c---d---', states);
    const result = source.pipe(whileOnline(() => NEVER, { patience: 10 }));
    expectObservable(result).toBe('-------------#', {}, expect.objectContaining({ kind: 'link', code: 'offline', retry: 'safe' }));
    expectSubscriptions(source.subscriptions).toBe('^------------!');
  }));

  it('waits for the first address as long as the join takes', marbles(({ hot, expectObservable }) => {
    const source = hot('50ms g', states);
    expectObservable(source.pipe(whileOnline(() => of('x'), { patience: 10 }))).toBe('50ms x');
  }));

  it('completes with the states while there is no work, and with the work where there is', marbles(({ hot, cold, expectObservable }) => {
    expectObservable(hot('g-d-|', states).pipe(whileOnline(() => NEVER, { patience: 100 }))).toBe('----|');
    expectObservable(hot('g-|', states).pipe(whileOnline(() => cold('----x|')))).toBe('----x|');
  }));

  it('passes errors of both as they are, and ends both when it is left', () => {
    const failure = new Error('work');
    const errors: unknown[] = [];
    of<StationState>(online).pipe(whileOnline(() => throwError(() => failure))).subscribe({ error: (error: unknown) => errors.push(error) });
    throwError(() => failure).pipe(whileOnline(() => NEVER)).subscribe({ error: (error: unknown) => errors.push(error) });
    expect(errors).toEqual([failure, failure]);
    const left: string[] = [];
    const endless = (name: string, first?: StationState) =>
      new Observable<StationState>((subscriber) => {
        if (first) subscriber.next(first);
        return () => left.push(name);
      });
    endless('states', online).pipe(whileOnline(() => endless('work'))).subscribe().unsubscribe();
    expect(left.sort()).toEqual(['states', 'work']);
  });
});
