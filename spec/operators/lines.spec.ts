import * as fc from 'fast-check';
import { concat, from, type Observable, of, take, throwError } from 'rxjs';
import { lineBytes } from '../../operators/lineBytes.js';
import { lines, type LinesConfig } from '../../operators/lines.js';
import { ascii } from '../support/byteSources.js';
import { marbles } from '../support/marbles.js';
import { cuts, resplit } from '../support/resplit.js';

const log = (chunks: Observable<Uint8Array>, config?: LinesConfig): unknown[] => {
  const seen: unknown[] = [];
  chunks.pipe(lines(config)).subscribe({ next: (line) => seen.push(line), error: (error) => seen.push(error), complete: () => seen.push('end') });
  return seen;
};
const tooLong = { kind: 'framing', code: 'limit', details: { limit: 4 } };

describe('lines', () => {
  it('emits each line as its end arrives, the last one at completion', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Uint8Array>('--a-b-----c-|', { a: ascii('on'), b: ascii('e\r\ntwo\n\nth'), c: ascii('ree') });
      expectObservable(source.pipe(lines())).toBe('----(xye)---(z|)', { x: 'one', y: 'two', e: '', z: 'three' });
      expectSubscriptions(source.subscriptions).toBe('^-----------!');
    }));

  it('ends its source when unsubscribed and when a line is too long; passes an error without the unfinished line', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Uint8Array>('-a-a-a-|', { a: ascii('ab') });
      expectObservable(source.pipe(lines()), '^---!').toBe('');
      expectObservable(source.pipe(lines({ limit: 4 }))).toBe('-----#', {}, expect.objectContaining(tooLong));
      expectSubscriptions(source.subscriptions).toBe(['^---!', '^----!']);
      expectObservable(cold<Uint8Array>('a-#', { a: ascii('x\ny') }).pipe(lines())).toBe('x-#');
    }));

  it('stops in the middle of a chunk', () => {
    expect(log(of(ascii('a\nb\nc\n')))).toEqual(['a', 'b', 'c', 'end']);
    const seen: string[] = [];
    of(ascii('a\nb\nc\n')).pipe(lines(), take(2)).subscribe((line) => seen.push(line));
    expect(seen).toEqual(['a', 'b']);
  });

  it('strips one CR of a line end and no other', () => {
    expect(log(of(ascii('a\r\r\nb\rc\n\r\nd\r')))).toEqual(['a\r', 'b\rc', '', 'd\r', 'end']);
    expect(log(from(['a\r', '\nb', '\r', '\n'].map(ascii)))).toEqual(['a', 'b', 'end']);
  });

  it('counts the limit without the line end, wherever the chunks end', () => {
    expect(log(of(ascii('abcd\r\nabcd\nabcd')), { limit: 4 })).toEqual(['abcd', 'abcd', 'abcd', 'end']);
    expect(log(from(['abcd', '\r', '\nab'].map(ascii)), { limit: 4 })).toEqual(['abcd', 'ab', 'end']);
    expect(log(of(ascii('ab\nabcde\nab')), { limit: 4 })).toMatchObject(['ab', tooLong]);
    expect(log(from(['abcd', '\r', 'x\n'].map(ascii)), { limit: 4 })).toMatchObject([tooLong]);
    expect(log(of(ascii('abcd\r')), { limit: 4 })).toMatchObject([tooLong]);
    expect(log(of(new Uint8Array(65536).fill(0x61)))[1]).toBe('end');
    expect(log(of(new Uint8Array(65537).fill(0x61)))).toMatchObject([{ kind: 'framing', code: 'limit' }]);
    expect(log(of(ascii('a')), { limit: 0 })).toMatchObject([{ kind: 'usage', code: 'limit' }]);
  });

  it('decodes each line as a whole, as UTF-8 or Latin-1', () => {
    const bytes = Uint8Array.from([0xe2, 0x82, 0xac, 0x0a, 0xff, 0x41]);
    expect(log(from(Array.from(bytes, (byte) => Uint8Array.of(byte))))).toEqual(['€', '\ufffdA', 'end']);
    expect(log(of(bytes), { encoding: 'latin1' })).toEqual(['\u00e2\u0082\u00ac', '\u00ffA', 'end']);
  });

  it('gives the same lines for any split of the same bytes', () =>
    fc.assert(
      fc.property(fc.array(fc.constantFrom('\n', '\r', 'a', 'bc'), { maxLength: 40 }), cuts, fc.constantFrom(3, 100), (parts, places, limit) => {
        const whole = ascii(parts.join(''));
        const [expected, seen] = [[whole], resplit(whole, places)].map((chunks) => log(from(chunks), { limit }));
        expect(seen).toEqual(expected);
        if (limit < 100) return;
        const model = parts.join('').split('\n');
        const last = model.pop() as string;
        expect(seen).toEqual([...model.map((line) => line.replace(/\r$/, '')), ...(last ? [last] : []), 'end']);
      }),
    ));
});

describe('lineBytes', () => {
  it('emits the bytes of the lines, views where a chunk holds them', () => {
    const chunk = ascii('ab\r\ncd\ne');
    const seen: Uint8Array[] = [];
    concat(of(chunk), throwError(() => 'stop')).pipe(lineBytes()).subscribe({ next: (line) => seen.push(line), error: () => undefined });
    expect(seen).toEqual([ascii('ab'), ascii('cd')]);
    expect(seen.every((line) => line.buffer === chunk.buffer)).toBe(true);
  });
});
