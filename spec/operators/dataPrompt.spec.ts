import * as fc from 'fast-check';
import { concat, EMPTY, NEVER, Observable, of, Subject, throwError, VirtualTimeScheduler } from 'rxjs';
import type { ByteSource } from '../../operators/byteSource.js';
import { dataPrompt, type DataPromptConfig } from '../../operators/dataPrompt.js';
import type { Frame } from '../../operators/frame.js';
import { ascii, memorySource } from '../support/byteSources.js';
import { recordedLine } from '../support/line.js';
import { marbles } from '../support/marbles.js';
import { cuts, resplit } from '../support/resplit.js';

const prompt: Frame = { kind: 'prompt' };
const line = (words: string): Frame => ({ kind: 'line', bytes: ascii(words) });
const raw: Frame = { kind: 'raw', bytes: ascii('r') };
const frames = { o: line('OK'), p: prompt, u: line('0,CONNECT'), s: line('SEND OK'), r: raw };

/** Runs the operator over frames that a test pushes. */
const setUp = (config: Omit<DataPromptConfig, 'write' | 'control'>, write?: DataPromptConfig['write']) => {
  const source = new Subject<Frame>();
  const out = recordedLine();
  const seen: unknown[] = [];
  const subscription = source.pipe(dataPrompt({ ...config, write: write ?? out.write, control: out.control })).subscribe({
    next: (frame) => seen.push(frame),
    error: (error) => seen.push(error),
    complete: () => seen.push('end'),
  });
  return { source, seen, subscription, done: () => out.log.map(([, what]) => what) };
};

describe('dataPrompt', () => {
  it('writes at the prompt, which it consumes, and passes everything else on', () =>
    marbles().run(({ hot, expectObservable, expectSubscriptions, flush }) => {
      const source = hot('-o-u-p-u-s-|', frames);
      const scheduler = new VirtualTimeScheduler();
      const out = recordedLine(scheduler);
      const result = source.pipe(dataPrompt({ data: ascii('hello'), write: out.write, control: out.control }));
      expectObservable(result).toBe('-o-u---u-s-|', frames);
      expectSubscriptions(source.subscriptions).toBe('^----------!');
      flush();
      expect(out.log.map(([, what]) => what)).toEqual(['<arm lines>', 'hello']);
    }));

  it('ends frames and write when unsubscribed, and on errors of either', () =>
    marbles().run(({ hot, cold, expectObservable, expectSubscriptions }) => {
      const control = { next: () => undefined };
      const source = hot('--p--u-#', frames);
      const slow = cold<never>('---------|');
      const lost = cold<never>('-#');
      const data = ascii('hello');
      expectObservable(source.pipe(dataPrompt({ data, control, write: () => slow })), '^---!').toBe('');
      expectObservable(source.pipe(dataPrompt({ data, control, write: () => lost }))).toBe('---#');
      expectObservable(source.pipe(dataPrompt({ data, control, write: () => slow }))).toBe('-----u-#', frames);
      expectSubscriptions(slow.subscriptions).toBe(['--^-!', '--^----!']);
      expectSubscriptions(lost.subscriptions).toBe('--^!');
      expectSubscriptions(source.subscriptions).toBe(['^---!', '^--!', '^------!']);
    }));

  it('listens before it arms', () => {
    const order: string[] = [];
    const source = new Observable<Frame>(() => void order.push('listening'));
    source.pipe(dataPrompt({ data: ascii('x'), write: () => NEVER, control: { next: ({ do: what }) => order.push(what) } })).subscribe().unsubscribe();
    expect(order).toEqual(['listening', 'arm', 'disarm']);
  });

  it('arms nothing for a prompt, or an end, that comes at once', () => {
    for (const source of [concat(of(prompt), NEVER), EMPTY]) {
      const out = recordedLine();
      source.pipe(dataPrompt({ data: ascii('x'), write: out.write, control: out.control })).subscribe().unsubscribe();
      expect(out.log.map(([, what]) => what)).toEqual(source === EMPTY ? [] : ['x']);
    }
  });

  it('arms for what follows', () => {
    const { source, done, seen } = setUp({ data: new Uint8Array(0), then: 'raw' });
    source.next(prompt);
    source.next(raw);
    expect(done()).toEqual(['<arm raw>']);
    expect(seen).toEqual([raw]);
  });

  it('disarms when the prompt does not come: unsubscribed, ended or failed; not after it', () => {
    const left = setUp({ data: ascii('x') });
    left.subscription.unsubscribe();
    const ended = setUp({ data: ascii('x') });
    ended.source.complete();
    const failed = setUp({ data: ascii('x') });
    failed.source.error('lost');
    for (const { done } of [left, ended, failed]) expect(done()).toEqual(['<arm lines>', '<disarm>']);
    expect([ended.seen, failed.seen]).toEqual([['end'], ['lost']]);
    const after = setUp({ data: ascii('x') });
    after.source.next(prompt);
    after.subscription.unsubscribe();
    expect(after.done()).toEqual(['<arm lines>', 'x']);
  });

  it('does not write twice', () => {
    const { source, seen, done } = setUp({ data: ascii('x') });
    source.next(prompt);
    source.next(prompt);
    expect(done()).toEqual(['<arm lines>', 'x']);
    expect(seen).toEqual([prompt]);
  });

  it('writes pieces of at most `chunk` bytes, one at a time', () => {
    const scheduler = new VirtualTimeScheduler();
    const out = recordedLine(scheduler, 10);
    const config = { data: ascii('abcdefgh'), chunk: 3, write: out.write, control: out.control };
    const source = new Subject<Frame>();
    source.pipe(dataPrompt(config)).subscribe();
    source.next(prompt);
    scheduler.flush();
    expect(out.log).toEqual([[0, '<arm lines>'], [0, 'abc'], [10, 'def'], [20, 'gh']]);
    expect(out.overlaps).toBe(0);
  });

  it('reads a byte source only after the prompt, only when the write before is done, and never past the length', () => {
    const scheduler = new VirtualTimeScheduler();
    const out = recordedLine(scheduler, 10);
    const data = memorySource(['abcd', 'e', 'fghij'].map(ascii), { delay: 1, scheduler });
    data.onRead = () => expect(out.writing).toBe(0);
    const source = new Subject<Frame>();
    source.pipe(dataPrompt({ data, length: 7, chunk: 3, write: out.write, control: out.control })).subscribe();
    expect(data.reads).toEqual([]);
    source.next(prompt);
    scheduler.flush();
    expect(out.log.slice(1)).toEqual([[1, 'abc'], [12, 'd'], [23, 'e'], [34, 'fg']]);
    expect(data.reads).toEqual([3, 3, 3, 2]);
    expect(data.left).toEqual([ascii('hij')]);
  });

  it('says what is owed when the source ends early, fails, or gives too much', () => {
    const early = setUp({ data: memorySource([ascii('abc')]), length: 5 });
    early.source.next(prompt);
    expect(early.done()).toEqual(['<arm lines>', 'abc']);
    expect(early.seen).toMatchObject([{ kind: 'usage', code: 'length', details: { length: 5, written: 3, owed: 2 } }]);
    const failing = setUp({ data: memorySource([ascii('abc')], { failure: 'gone' }), length: 5 });
    failing.source.next(prompt);
    expect(failing.seen).toMatchObject([{ kind: 'send', code: 'source', cause: 'gone', details: { written: 3, owed: 2 } }]);
    const generous: ByteSource = { read: () => of(ascii('abcdef')) };
    const cut = setUp({ data: generous, length: 5 });
    cut.source.next(prompt);
    expect(cut.done()).toEqual(['<arm lines>', 'abcde']);
    expect(cut.seen).toMatchObject([{ kind: 'usage', code: 'length', details: { written: 5, owed: 0, surplus: 1 } }]);
  });

  it('passes the error of `write`', () => {
    const { source, seen } = setUp({ data: ascii('x') }, () => throwError(() => 'lost'));
    source.next(prompt);
    expect(seen).toEqual(['lost']);
  });

  it('errors before it arms when the length is missing or wrong', () => {
    const cases = [
      setUp({ data: memorySource([]) }),
      setUp({ data: ascii('abc'), length: 2 }),
      setUp({ data: ascii('abc'), length: 4 }),
      setUp({ data: memorySource([]), length: -1 }),
      setUp({ data: ascii('abc'), chunk: 0 }),
    ];
    expect(cases.map(({ seen }) => (seen[0] as { code: string }).code)).toEqual(['length', 'length', 'length', 'length', 'chunk']);
    for (const { seen, done, source } of cases) {
      expect(seen).toMatchObject([{ kind: 'usage' }]);
      expect(done()).toEqual([]);
      expect(source.observed).toBe(false);
    }
  });

  it('takes a source of 100,000 synchronous chunks', () => {
    let bytes = 0;
    const data = memorySource(Array.from({ length: 100_000 }, () => ascii('x')));
    const write = (piece: Uint8Array): Observable<never> => {
      bytes += piece.length;
      return new Observable((subscriber) => subscriber.complete());
    };
    const { source } = setUp({ data, length: 100_000 }, write);
    source.next(prompt);
    expect(bytes).toBe(100_000);
  });

  it('writes exactly the announced bytes for any chunks, or says how many are missing', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 30 }), cuts, fc.nat(40), fc.integer({ min: 1, max: 7 }), (bytes, places, length, chunk) => {
        const written: number[] = [];
        const write = (piece: Uint8Array): Observable<never> => {
          expect(piece.length).toBeLessThanOrEqual(chunk);
          return new Observable((subscriber) => {
            written.push(...piece);
            subscriber.complete();
          });
        };
        const { source, seen } = setUp({ data: memorySource(resplit(bytes, places)), length, chunk }, write);
        source.next(prompt);
        expect(written).toEqual([...bytes.subarray(0, length)]);
        if (length > bytes.length) expect(seen).toMatchObject([{ code: 'length', details: { owed: length - bytes.length } }]);
        else expect(seen).toEqual([]);
      }),
    ));
});
