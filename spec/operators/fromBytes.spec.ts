import { concat, take } from 'rxjs';
import { fromBytes } from '../../operators/fromBytes.js';
import { ascii, text } from '../support/byteSources.js';

describe('fromBytes', () => {
  it('hands out views of at most `max` bytes and repeats its end', () => {
    const bytes = ascii('abcdefg');
    const source = fromBytes(bytes);
    const seen: Uint8Array[] = [];
    let ends = 0;
    for (const max of [3, 1, undefined, 3, 3]) source.read(max).subscribe({ next: (piece) => seen.push(piece), complete: () => ends++ });
    expect(seen.map(text)).toEqual(['abc', 'd', 'efg']);
    expect(ends).toBe(5);
    expect(seen.every((piece) => piece.buffer === bytes.buffer)).toBe(true);
  });

  it('is cold: nothing moves before a read is subscribed, and a read may be subscribed again', () => {
    const source = fromBytes(ascii('abcd'));
    const read = source.read(2);
    const seen: string[] = [];
    concat(read, read, read).subscribe((piece) => seen.push(text(piece)));
    expect(seen).toEqual(['ab', 'cd']);
    fromBytes(new Uint8Array(0)).read().pipe(take(1)).subscribe(() => seen.push('never'));
    expect(seen).toHaveLength(2);
  });
});
