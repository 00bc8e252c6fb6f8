import * as fc from 'fast-check';
import { fromLatin1, latin1 } from '../../lib/codec/latin1.js';
import { fromWire, toWire } from '../../lib/codec/wireText.js';

const bytes = fc.uint8Array({ maxLength: 40 });
const wireOf = (list: Uint8Array): string => Array.from(list, (byte) => String.fromCharCode(byte)).join('');

describe('text between user and wire', () => {
  test('any bytes come back as they were', () => {
    fc.assert(fc.property(bytes, (list) => {
      expect(toWire(fromWire(wireOf(list)))).toBe(wireOf(list));
    }), { seed: 1, numRuns: 2000 });
  });

  test('is UTF-8 as the platform has it', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(Buffer.from(toWire(text), 'latin1').equals(Buffer.from(text, 'utf8'))).toBe(true);
      expect(fromWire(Buffer.from(text, 'utf8').toString('latin1'))).toBe(text);
    }), { seed: 2, numRuns: 1000 });
  });

  test('valid UTF-8 is read as the platform reads it, everything else byte by byte', () => {
    fc.assert(fc.property(bytes, (list) => {
      const platform = Buffer.from(list).toString('utf8');
      const valid = Buffer.from(platform, 'utf8').equals(Buffer.from(list));
      if (valid) expect(fromWire(wireOf(list))).toBe(platform);
      else expect(fromWire(wireOf(list))).toMatch(/[\uDC80-\uDCFF]/);
    }), { seed: 3, numRuns: 2000 });
  });

  test.each([
    ['overlong', '\xc0\x80', '\uDCC0\uDC80'],
    ['overlong of three', '\xe0\x80\x80', '\uDCE0\uDC80\uDC80'],
    ['a surrogate', '\xed\xa0\x80', '\uDCED\uDCA0\uDC80'],
    ['above U+10FFFF', '\xf4\x90\x80\x80', '\uDCF4\uDC90\uDC80\uDC80'],
    ['cut off', 'a\xe2\x82', 'a\uDCE2\uDC82'],
    ['a lone continuation', '\x80b', '\uDC80b'],
    ['four bytes', '\xf0\x9f\x92\x80', '💀'],
  ])('%s', (_, wire, text) => {
    expect(fromWire(wire)).toBe(text);
    expect(toWire(text)).toBe(wire);
  });

  test('a surrogate that stands for no byte becomes the replacement character, never CR, LF or NUL', () => {
    for (const lone of ['\uD800', '\uDBFF', '\uDC00', '\uDC0A', '\uDC0D', '\uDC7F', '\uDD00', '\uDFFF']) expect(toWire(lone)).toBe('\xef\xbf\xbd');
  });

  test('bytes and wire text are one to one, in any size', () => {
    const large = Uint8Array.from({ length: 70_000 }, (_, index) => index & 0xff);
    expect(Buffer.compare(fromLatin1(latin1(large)), large)).toBe(0);
    expect(latin1(new Uint8Array([0, 127, 128, 255]))).toBe('\0\x7f\x80\xff');
  });
});
