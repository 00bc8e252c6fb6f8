import * as fc from 'fast-check';
import { from, type Observable, of, take } from 'rxjs';
import { lengthPrefixed, type LengthPrefixedConfig } from '../../operators/lengthPrefixed.js';
import { ascii } from '../support/byteSources.js';
import { marbles } from '../support/marbles.js';
import { cuts, resplit } from '../support/resplit.js';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const log = (chunks: Observable<Uint8Array>, config?: LengthPrefixedConfig): unknown[] => {
  const seen: unknown[] = [];
  chunks.pipe(lengthPrefixed(config)).subscribe({
    next: (payload) => seen.push([...payload]),
    error: (error) => seen.push(error),
    complete: () => seen.push('end'),
  });
  return seen;
};
const framing = (code: string, details: object = {}): object => ({ kind: 'framing', code, details });

/** The encoder the operator undoes, over a DataView. */
const encode = (payload: Uint8Array, width: 1 | 2 | 4, little: boolean, extra: number): Uint8Array => {
  const out = new Uint8Array(width + payload.length);
  const view = new DataView(out.buffer);
  const length = payload.length + extra;
  if (width === 1) view.setUint8(0, length);
  else if (width === 2) view.setUint16(0, length, little);
  else view.setUint32(0, length, little);
  out.set(payload, width);
  return out;
};

describe('lengthPrefixed', () => {
  it('emits a payload as its last byte arrives', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Uint8Array>('-a-b-c-d---|', { a: bytes(0), b: bytes(2, 7), c: bytes(8), d: bytes(0, 0, 0, 1, 9) });
      expectObservable(source.pipe(lengthPrefixed())).toBe('-----x-(ey)|', { x: bytes(7, 8), e: bytes(), y: bytes(9) });
      expectSubscriptions(source.subscriptions).toBe('^----------!');
    }));

  it('ends its source when unsubscribed and on an error of its own; passes errors', () =>
    marbles().run(({ cold, expectObservable, expectSubscriptions }) => {
      const source = cold<Uint8Array>('-a-a-|', { a: bytes(0, 9) });
      expectObservable(source.pipe(lengthPrefixed()), '^--!').toBe('');
      expectObservable(source.pipe(lengthPrefixed({ limit: 8 }))).toBe('-#', {}, expect.objectContaining({ kind: 'framing', code: 'limit' }));
      expectSubscriptions(source.subscriptions).toBe(['^--!', '^!']);
      expectObservable(cold<Uint8Array>('a-#', { a: bytes(0) }).pipe(lengthPrefixed())).toBe('--#');
    }));

  it('refuses a length over the limit before it collects anything', () => {
    expect(log(of(bytes(0xff, 0xff, 0xff, 0xff)), { bytes: 4 })).toMatchObject([framing('limit', { announced: 0xffffffff, limit: 65536 })]);
    expect(log(of(bytes(0, 3, 1, 2, 3, 0, 4)), { limit: 3 })).toMatchObject([[1, 2, 3], framing('limit', { announced: 4, limit: 3 })]);
    expect(log(of(bytes(0, 0, 0, 1)), { limit: 0 })).toMatchObject([[], framing('limit', { announced: 1 })]);
    expect(log(of(bytes()), { limit: -1 })).toMatchObject([{ kind: 'usage', code: 'limit' }]);
  });

  it('says what a truncated message lacks', () => {
    expect(log(of(bytes(0, 1, 7, 0)))).toMatchObject([[7], framing('truncated', { received: 0 })]);
    expect(log(of(bytes(0, 3, 7)))).toMatchObject([framing('truncated', { announced: 3, received: 1 })]);
    expect(log(of(bytes(0, 3)))).toMatchObject([framing('truncated', { announced: 3, received: 0 })]);
    expect(log(of())).toEqual(['end']);
  });

  it('reads lengths that include their own field', () => {
    expect(log(of(bytes(3, 1, 2, 1)), { bytes: 1, includesHeader: true })).toEqual([[1, 2], [], 'end']);
    expect(log(of(bytes(0, 1)), { includesHeader: true })).toMatchObject([framing('length', { announced: 1, bytes: 2 })]);
  });

  it('stops in the middle of a chunk', () => {
    const seen: unknown[] = [];
    of(ascii('\x01a\x01b\x01c')).pipe(lengthPrefixed({ bytes: 1 }), take(2)).subscribe((payload) => seen.push(payload));
    expect(seen).toEqual([ascii('a'), ascii('b')]);
  });

  it('undoes the encoding for any split of the bytes', () =>
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 8 }),
        fc.constantFrom<1 | 2 | 4>(1, 2, 4),
        fc.boolean(),
        fc.boolean(),
        cuts,
        (payloads, width, little, includesHeader, places) => {
          const whole = Uint8Array.from(payloads.flatMap((payload) => [...encode(payload, width, little, includesHeader ? width : 0)]));
          const config = { bytes: width, endian: little ? 'little' : 'big', includesHeader } as const;
          expect(log(from(resplit(whole, places)), config)).toEqual([...payloads.map((payload) => [...payload]), 'end']);
        },
      ),
    ));
});
