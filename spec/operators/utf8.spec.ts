import * as fc from 'fast-check';
import { decodeLatin1, decodeUtf8, encodeUtf8 } from '../../operators/utf8.js';

const host = new TextDecoder('utf-8', { ignoreBOM: true });

describe('UTF-8', () => {
  it('decodes any bytes as the WHATWG decoder does', () => {
    // Bytes near the borders of the encoding, so that ill-formed sequences of every kind come up.
    const edge = fc.constantFrom(0x00, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf3, 0xf4, 0xf5, 0xff);
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.array(edge, { maxLength: 12 }).map((values) => Uint8Array.from(values)));
    fc.assert(fc.property(bytes, (input) => expect(decodeUtf8(input)).toBe(host.decode(input))), { numRuns: 3000 });
  });

  it('encodes any text as the WHATWG encoder does, lone surrogates included', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { maxLength: 20 }), (units) => {
        const text = String.fromCharCode(...units);
        expect(encodeUtf8(text)).toEqual(Uint8Array.from(new TextEncoder().encode(text)));
      }),
      { numRuns: 1000 },
    ));

  it('brings back what it encoded, long texts and characters beyond the first plane too', () => {
    const text = 'aé€😀\ufeff'.repeat(2000);
    expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 50 }), (some) => expect(decodeUtf8(encodeUtf8(some))).toBe(some)));
  });

  it('keeps a byte order mark', () => {
    expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\ufeffA');
  });
});

describe('decodeLatin1', () => {
  it('gives one character per byte', () => {
    const all = Uint8Array.from({ length: 5000 }, (_, i) => i & 0xff);
    expect(Array.from(decodeLatin1(all), (character) => character.charCodeAt(0))).toEqual([...all]);
  });
});
