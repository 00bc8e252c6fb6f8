import * as fc from 'fast-check';
import { fields, flag, int, optional, secret, text } from '../../lib/codec/index.js';
import { bootSettings, command, commandKey, variant } from '../../lib/command/index.js';
import { encodeCommand, lineLimit } from '../../lib/command/encodeCommand.js';
import { AtError } from '../../operators/atError.js';

const about = { doc: 'for specifications', source: 'none' };
const encode = (...args: [Parameters<typeof encodeCommand>[0], Readonly<Record<string, unknown>>?]): string => {
  const encoded = encodeCommand(args[0], args[1] ?? {}, bootSettings);
  return encoded instanceof AtError ? encoded.message : encoded.line;
};

test('the four forms', () => {
  expect(encode(command({ name: 'AT+RST', form: 'execute', ...about }))).toBe('AT+RST');
  expect(encode(command({ name: 'ATE', form: 'execute', params: fields({ enable: flag }), ...about }), { enable: false })).toBe('ATE0');
  expect(encode(command({ name: 'AT+GMR', form: 'query', ...about }))).toBe('AT+GMR?');
  const set = command({ name: 'AT+X', form: 'set', params: fields({ a: optional(int(0, 9)), b: optional(text()) }), ...about });
  expect([encode(set, { a: 1 }), encode(set, { b: 'x' }), encode(set, {}), encode(set, { a: undefined, b: undefined })]).toEqual(['AT+X=1', 'AT+X=,"x"', 'AT+X=', 'AT+X=']);
  expect(encode(command({ name: '+++', form: 'escape', ...about }))).toBe('+++');
});

test('256 bytes with CR LF are taken, one more is a usage error that names both, and nothing shown has the secret', () => {
  const long = command({ name: 'AT+X', form: 'set', params: fields({ value: secret(text()) }), ...about });
  const most = lineLimit - 2 - 'AT+X=""'.length;
  expect(encode(long, { value: 'a'.repeat(most) })).toHaveLength(254);
  expect(encodeCommand(long, { value: 'a'.repeat(most + 1) }, bootSettings)).toMatchObject({
    kind: 'usage', code: 'line-limit', message: 'AT+X: the line is 257 bytes long, the module takes 256', details: { command: 'AT+X', length: 257, limit: 256 },
  });
  // Escapes and UTF-8 count as what they are on the wire.
  expect(encodeCommand(long, { value: ','.repeat(most / 2 + 1) }, bootSettings)).toBeInstanceOf(AtError);
  expect(encodeCommand(long, { value: 'é'.repeat(most / 2 + 1) }, bootSettings)).toBeInstanceOf(AtError);
});

test('whatever the values, a line is one line, within the limit, as long as what is shown of it', () => {
  const declared = command({ name: 'AT+X', form: 'set', params: fields({ a: text({ max: 32 }), b: secret(text({ max: 64 })), c: optional(int(-5, 5)) }), ...about });
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 70 }), fc.string({ unit: 'grapheme', maxLength: 70 }), fc.option(fc.integer({ min: -9, max: 9 }), { nil: undefined }), (a, b, c) => {
      const encoded = encodeCommand(declared, { a, b, c }, bootSettings);
      if (encoded instanceof AtError) return expect(encoded.kind).toBe('usage');
      expect(encoded.line).toMatch(/^AT\+X="[^\r\n\0]*"(,-?\d+)?$/);
      expect(encoded.line.length).toBeLessThanOrEqual(254);
      expect(encoded.line).toMatch(/^[\0-\xff]*$/);
      expect(encoded.shown).toHaveLength(encoded.line.length);
    }),
    { seed: 21, numRuns: 1000 },
  );
});

test('keys of tables; a variant keeps them and the type', () => {
  const key = command({ name: 'AT+X', form: 'set', kind: 'udp', params: fields({ a: int(0, 9) }), ...about });
  const narrower = variant(key, { params: fields({ a: int(0, 3) }) });
  expect([commandKey(key), commandKey(narrower), commandKey({ name: 'AT+X', form: 'query' })]).toEqual(['AT+X set udp', 'AT+X set udp', 'AT+X query']);
  expect(encode(narrower, { a: 4 })).toBe('AT+X: a is not integer 0 to 3');
  expect(key.timeout({})).toBe(3000);
});
