import * as fc from 'fast-check';
import {
  bufferCount, concat, concatMap, debounceTime, defer, delay, delayWhen, EMPTY, finalize, from, identity, ignoreElements, map, mergeMap,
  NEVER, type Observable, of, startWith, subscribeOn, take, throwError, timer, VirtualTimeScheduler,
} from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';
import { lines } from '../../operators/lines.js';
import { pullThrough } from '../../operators/pullThrough.js';
import { ascii, memorySource, text } from '../support/byteSources.js';
import { marbles } from '../support/marbles.js';

const reads = (...answers: Observable<Uint8Array>[]): ByteSource => ({ read: () => answers.shift() ?? NEVER });
const letters = concatMap((chunk: Uint8Array) => from(text(chunk)));

/** Everything an Observable does, if it does it at once. */
const log = (source: Observable<unknown>): unknown[] => {
  const seen: unknown[] = [];
  source.subscribe({ next: (value) => seen.push(value), error: (error) => seen.push('error', error), complete: () => seen.push('end') });
  return seen;
};

describe('pullThrough', () => {
  it('reads again only when all outputs of the chunk went through the sink', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const first = cold<Uint8Array>('-(a|)', { a: ascii('xy') });
      const second = cold<Uint8Array>('-(a|)', { a: ascii('z') });
      const end = cold<Uint8Array>('|');
      const sink = cold<string>('--s|');
      expectObservable(pullThrough(letters, () => sink)(reads(first, second, end))).toBe('---s--s---s|');
      expectSubscriptions(first.subscriptions).toBe('^!');
      expectSubscriptions(sink.subscriptions).toBe(['-^--!', '----^--!', '--------^--!']);
      expectSubscriptions(second.subscriptions).toBe('-------^!');
      expectSubscriptions(end.subscriptions).toBe('-----------(^!)');
    }));

  it('ends read, pipeline and sink when unsubscribed', () =>
    marbles().run(({ cold, hot, expectObservable, expectSubscriptions }) => {
      const read = cold<Uint8Array>('-(a|)', { a: ascii('xy') });
      const never = cold<Uint8Array>('--');
      const sink = cold<string>('s-----|');
      const side = hot<string>('--------');
      const pipeline = (source: Observable<Uint8Array>): Observable<string> => of(source.pipe(letters), side).pipe(mergeMap(identity));
      expectObservable(pullThrough(pipeline, () => sink)(reads(read, never)), '^--!').toBe('-s--');
      expectSubscriptions(sink.subscriptions).toBe('-^-!');
      expectSubscriptions(side.subscriptions).toBe(['^--!', '^---!']);
      expectObservable(pullThrough(pipeline, () => EMPTY)(reads(never)), '^---!').toBe('');
      expectSubscriptions(never.subscriptions).toBe('^---!');
    }));

  it('passes errors of source, pipeline and sink, and ends the others', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const read = cold<Uint8Array>('-(a|)', { a: ascii('x') });
      const failing = cold<Uint8Array>('-#');
      const open = cold<Uint8Array>('----------');
      const sink = cold<string>('s--|');
      const side = cold<string>('--#');
      const withSide = (source: Observable<Uint8Array>): Observable<string> => of(source.pipe(letters), side).pipe(mergeMap(identity));
      expectObservable(pullThrough(letters, () => EMPTY)(reads(read, failing))).toBe('--#');
      expectObservable(pullThrough(withSide, () => sink)(reads(read))).toBe('-s#');
      expectSubscriptions(sink.subscriptions).toBe('-^!');
      expectObservable(pullThrough(withSide, () => EMPTY)(reads(open))).toBe('--#');
      expectSubscriptions(open.subscriptions).toBe('^-!');
      const sinkFails = cold<string>('#');
      const still = cold<string>('------');
      const withStill = (source: Observable<Uint8Array>): Observable<string> => of(source.pipe(letters), still).pipe(mergeMap(identity));
      expectObservable(pullThrough(withStill, () => sinkFails)(reads(read))).toBe('-#');
      expectSubscriptions(still.subscriptions).toBe('^!');
    }));

  it('ends the read under way when the sink fails on an output that came by a timer', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const chunk = cold<Uint8Array>('(a|)', { a: ascii('x') });
      const open = cold<Uint8Array>('----------');
      const late = (source: Observable<Uint8Array>): Observable<Uint8Array> => source.pipe(delay(3));
      expectObservable(pullThrough(late, () => throwError(() => 'error'))(reads(chunk, open))).toBe('---#');
      expectSubscriptions(open.subscriptions).toBe('^--!');
    }));

  it('holds back a chunk that arrives while the sink works on an output of a timer', () => {
    const seen: string[] = [];
    const scheduler = new VirtualTimeScheduler();
    const source = reads(of(ascii('a')), timer(5, scheduler).pipe(map(() => ascii('b'))), NEVER);
    const pipeline = (chunks: Observable<Uint8Array>): Observable<string> =>
      chunks.pipe(
        map(text),
        mergeMap((name) => {
          seen.push(`${scheduler.now()} fed ${name}`);
          return name === 'a' ? timer(3, scheduler).pipe(map(() => name)) : of(name);
        }),
      );
    const sink = (name: string): Observable<never> =>
      timer(10, scheduler).pipe(ignoreElements(), finalize(() => seen.push(`${scheduler.now()} sunk ${name}`)));
    pullThrough(pipeline, sink)(source).subscribe();
    scheduler.flush();
    expect(seen).toEqual(['0 fed a', '13 sunk a', '13 fed b', '23 sunk b']);
  });

  it('completes the pipeline at the end of the source and sinks its last outputs', () => {
    const source = memorySource([ascii('one\ntw'), ascii('o\nthree')]);
    expect(log(pullThrough(lines(), (line, index) => of(`${index}:${line}`))(source))).toEqual(['0:one', '1:two', '2:three', 'end']);
  });

  it('does not stall on a pipeline that batches', () => {
    const source = memorySource(Array.from({ length: 10 }, (_, i) => Uint8Array.of(i)));
    const batches = pullThrough(bufferCount<Uint8Array>(4), (batch) => of(batch.length))(source);
    expect(log(batches)).toEqual([4, 4, 2, 'end']);
  });

  it('waits for outputs that a timer of the pipeline emits after its input ended', () => {
    const scheduler = new VirtualTimeScheduler();
    const seen: unknown[] = [];
    pullThrough((chunks) => chunks.pipe(map(text), delay(7, scheduler)), (name) => of(name))(memorySource([ascii('a'), ascii('b')])).subscribe({
      next: (name) => seen.push(name),
      complete: () => seen.push(scheduler.now()),
    });
    scheduler.flush();
    expect(seen).toEqual(['a', 'b', 7]);
  });

  it('loses nothing to a pipeline that emits before it listens, listens late, or debounces', () => {
    const scheduler = new VirtualTimeScheduler();
    const run = (pipeline: (chunks: Observable<string>) => Observable<string>): string[] => {
      const seen: string[] = [];
      const source = memorySource([ascii('a'), ascii('b')]);
      pullThrough((chunks) => pipeline(chunks.pipe(map(text))), (name) => of(name))(source).subscribe({
        next: (name) => seen.push(name),
        complete: () => seen.push('end'),
      });
      scheduler.flush();
      return seen;
    };
    expect(run(startWith('first'))).toEqual(['first', 'a', 'b', 'end']);
    expect(run(subscribeOn(scheduler, 5))).toEqual(['a', 'b', 'end']);
    expect(run((chunks) => chunks.pipe(subscribeOn(scheduler, 5), startWith('first')))).toEqual(['first', 'a', 'b', 'end']);
    expect(run(debounceTime(5, scheduler))).toEqual(['b', 'end']);
  });

  it('stops reading when the pipeline has enough', () => {
    const source = memorySource(['a', 'b', 'c', 'd'].map(ascii));
    expect(log(pullThrough((chunks) => chunks.pipe(take(2)), (chunk) => of(text(chunk)))(source))).toEqual(['a', 'b', 'end']);
    expect(source.reads).toHaveLength(2);
    const scheduler = new VirtualTimeScheduler();
    const later = memorySource(['a', 'b'].map(ascii));
    const seen: string[] = [];
    const late = (chunks: Observable<Uint8Array>): Observable<Uint8Array> => chunks.pipe(take(1), delayWhen(() => timer(9, scheduler)));
    pullThrough(late, (chunk) => of(text(chunk)))(later).subscribe((name) => seen.push(name));
    scheduler.flush();
    expect(seen).toEqual(['a']);
    expect(later.reads).toHaveLength(1);
  });

  it('passes what pipeline and sink throw, and a bad option', () => {
    const fail = (): never => {
      throw 'thrown';
    };
    expect(log(pullThrough(fail, () => EMPTY)(memorySource([ascii('a')])))).toEqual(['error', 'thrown']);
    expect(log(pullThrough(letters, fail)(memorySource([ascii('a')])))).toEqual(['error', 'thrown']);
    expect(log(pullThrough(letters, () => EMPTY, { chunk: 0 })(memorySource([])))).toMatchObject(['error', { kind: 'usage', code: 'chunk' }]);
  });

  it('takes 100,000 synchronous chunks, and 100,000 outputs of one chunk', () => {
    const chunk = ascii('x');
    const many = memorySource(Array.from({ length: 100_000 }, () => chunk));
    let count = 0;
    let ends = 0;
    const counter = { next: () => count++, complete: () => ends++ };
    pullThrough(letters, (letter) => of(letter))(many).subscribe(counter);
    expect([count, ends]).toEqual([100_000, 1]);
    const one = memorySource([new Uint8Array(100_000)]);
    pullThrough(concatMap((bytes: Uint8Array) => from(bytes)), (byte) => of(byte))(one).subscribe(counter);
    expect([count, ends]).toEqual([200_000, 2]);
  });

  it('never reads while the sink works or outputs wait, and leaves nothing at any moment of unsubscribing', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)), { maxLength: 8 }), fc.nat(60), fc.boolean(), (steps, until, late) => {
        const scheduler = new VirtualTimeScheduler();
        const violations: string[] = [];
        let reading = 0;
        let working = 0;
        let waiting = 0;
        let at = 0;
        const source: ByteSource = {
          read: () =>
            defer(() => {
              if (reading++ > 0 || working > 0 || (waiting > 0 && !late)) violations.push('read too early');
              const step = steps[at++];
              if (step) waiting += step[1];
              const answer = step ? of(new Uint8Array(step[1] + 1)) : EMPTY;
              const wait = step?.[0] ? timer(step[0], scheduler).pipe(ignoreElements()) : EMPTY;
              return concat(wait, answer).pipe(finalize(() => reading--));
            }),
        };
        let piped = 0;
        const pipeline = (chunks: Observable<Uint8Array>): Observable<number> =>
          defer(() => {
            piped++;
            const outputs = chunks.pipe(mergeMap((chunk, turn) => from(Array.from(chunk.subarray(1), () => turn))));
            return (late ? outputs.pipe(delay(2, scheduler)) : outputs).pipe(finalize(() => piped--));
          });
        const order: number[] = [];
        let completed = false;
        const subscription = pullThrough(pipeline, (turn) => {
          if (working++ > 0) violations.push('two sinks');
          waiting--;
          order.push(turn);
          const work = steps[turn]?.[2] ?? 0;
          return (work ? timer(work, scheduler) : of(0)).pipe(finalize(() => working--));
        })(source).subscribe({ complete: () => (completed = true) });
        scheduler.maxFrames = until;
        scheduler.flush();
        subscription.unsubscribe();
        expect([reading, working, piped, violations]).toEqual([0, 0, 0, []]);
        expect(order).toEqual([...order].sort((a, b) => a - b));
        const time = steps.reduce((sum, [wait, outputs, work]) => sum + wait + outputs * work, late ? 2 * steps.length + 2 : 0);
        const expected = steps.flatMap(([, outputs], turn) => Array.from({ length: outputs }, () => turn));
        if (time <= until) expect([completed, order]).toEqual([true, expected]);
      }),
      { numRuns: 300 },
    ));
});
