import fc from 'fast-check';
import { Args, scan } from '../../transports/emulator/scanner.js';
import { Refusal } from '../../transports/emulator/refusal.js';

const codes = (run: () => unknown): readonly string[] => {
  try {
    run();
  } catch (refused) {
    if (refused instanceof Refusal) return refused.codes.map((code) => code.toString(16));
    throw refused;
  }
  throw new Error('not refused');
};

const args = (source: string): Args => new Args(scan(source));
const escaped = (text: string): string => `"${text.replace(/[\\",]/g, (character) => `\\${character}`)}"`;

describe('the argument scanner', () => {
  test('escaped strings and numbers come back as they were', () => {
    const parameter = fc.oneof(fc.string({ unit: 'binary-ascii' }), fc.integer({ min: 0, max: 0x7fffffff }));
    fc.assert(
      fc.property(fc.array(parameter, { minLength: 1, maxLength: 6 }), (parameters) => {
        const source = parameters.map((value) => (typeof value === 'string' ? escaped(value) : `${value}`)).join(',');
        const read = args(source);
        expect(read.count).toBe(parameters.length);
        parameters.forEach((value, index) => expect(typeof value === 'string' ? read.text(index) : read.int(index)).toBe(value));
      }),
      { seed: 1, numRuns: 300 },
    );
  });

  test('any text scans to something', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary-ascii' }), (source) => scan(source).length >= 1), { seed: 2 });
  });

  test.each([['01', 1], ['0x1', 1], ['0X1f', 31], ['-1', -1], ['0', 0]])('%s is the number %i', (source, value) => {
    expect(args(source).int(0)).toBe(value);
  });

  test.each([' 1', '1 ', '"1"', 'abc', '=1', '1.5', '0x', '--1'])('%s is no number', (source) => {
    expect(codes(() => args(source).int(0))).toEqual(['1080000']);
  });

  test.each(['"abc', '"abc"x', 'abc', '5'])('%s is no string', (source) => {
    expect(codes(() => args(source).text(0))).toEqual(['1080000']);
  });

  test('a backslash takes the next character as it is', () => {
    expect(args('"a\\nb\\"c\\\\d\\,e"').text(0)).toBe('anb"c\\d,e');
  });

  test('a bare comma ends a parameter inside quotes too', () => {
    expect(args('0,"t","765933, 94875095",0,0').count).toBe(6);
    expect(codes(() => args('0,"t","765933, 94875095",0,0').text(2))).toEqual(['1080002']);
    expect(codes(() => args('"abc,"12345678",5,3').text(0))).toEqual(['1080000']);
    expect(args('"abc,"12345678",5,3').text(1)).toBe('12345678');
  });

  test('what is missing is named by its index, what is empty is not', () => {
    expect(codes(() => args('1').int(1))).toEqual(['1080001']);
    expect(codes(() => args('1,,3').int(1))).toEqual([]);
    expect(codes(() => args('').text(0))).toEqual([]);
  });

  test('an optional parameter may be left out in the middle, with its comma, but not at the end', () => {
    expect(args('1,,3').maybeInt(1, 7)).toBe(7);
    expect(args('1').maybeInt(1, 7)).toBe(7);
    expect(codes(() => args('1,').maybeInt(1, 7))).toEqual([]);
  });
});
