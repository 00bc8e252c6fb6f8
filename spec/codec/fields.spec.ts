import * as fc from 'fast-check';
import { address, enumeration, fields, flag, int, ipv4, keyword, mac, multiple, optional, secret, text, uint, when, whenOptional, type Field, type Shape } from '../../lib/codec/index.js';
import { encodeFields, maskedTexts } from '../../lib/codec/fields.js';
import { errorCode } from '../../lib/codec/errorCode.js';
import { AtError } from '../../operators/atError.js';

const single: Shape = { cipmux: false, cipdinfo: false, scanMask: 0x7ff };
const mux: Shape = { ...single, cipmux: true };

/** Parameters of a command line as the documents describe them (000 section 1), written without a look at the encoder: values and kinds. */
const parse = (line: string): { quoted: boolean; value: string }[] => {
  const found: { quoted: boolean; value: string }[] = [];
  for (let at = 0; at <= line.length; at += 1) {
    let value = '';
    const quoted = line[at] === '"';
    if (quoted) at += 1;
    for (; at < line.length && line[at] !== (quoted ? '"' : ','); at += 1) {
      if (line[at] === '\\') at += 1;
      value += line[at] ?? '';
    }
    if (quoted) at += 1;
    if (at < line.length && line[at] !== ',') throw new Error(`text behind a quote in ${line}`);
    found.push({ quoted, value });
  }
  return found;
};

const encode = (field: Field<unknown>, value: unknown, shape = single): string | AtError => {
  const texts = encodeFields('AT+X', fields({ name: field }), { name: value }, shape);
  return texts instanceof AtError ? texts : texts.join(',');
};
const refused = (field: Field<unknown>, value: unknown): void => {
  const error = encode(field, value);
  expect(error).toBeInstanceOf(AtError);
  expect(error).toMatchObject({ kind: 'usage', code: 'parameter', retry: 'never', details: { command: 'AT+X', parameter: 'name', expected: field.codec.name } });
  expect((error as AtError).message).toContain('name');
  expect((error as AtError).message).toContain(field.codec.name);
};

const printable = fc.string({ unit: fc.oneof(fc.constantFrom('"', ',', '\\', "'", '\x01', '\x1f', '\t', 'é', '漢', '💀', '\uDCFF', '\uDC80', '+IPD,0,5:', '\\"'), fc.string({ minLength: 1, maxLength: 1 })), maxLength: 12 })
  .filter((value) => !/[\r\n\0]/.test(value));

describe('text', () => {
  test('comes out of the firmware\'s unescaping as it went in, any number of them in a line', () => {
    fc.assert(fc.property(fc.array(printable, { minLength: 1, maxLength: 4 }), (values) => {
      const spec = Object.fromEntries(values.map((_, index) => [`v${String(index)}`, text()]));
      const texts = encodeFields('AT+X', fields(spec), Object.fromEntries(values.map((value, index) => [`v${String(index)}`, value])), single);
      if (texts instanceof AtError) throw texts;
      const wires = parse(texts.join(','));
      expect(wires.every(({ quoted }) => quoted)).toBe(true);
      const read = wires.map(({ value }) => text().codec.decode(`"${value}"`)).map((result) => (result._tag === 'Right' ? result.right : undefined));
      expect(read).toEqual(values.map((value) => Buffer.from(value, 'utf8').toString('utf8') === value ? value : read[values.indexOf(value)]));
      for (const [index, value] of values.entries()) {
        const bytes = [...value].flatMap((character) => /^[\uDC80-\uDCFF]$/.test(character) ? [character.charCodeAt(0) - 0xdc00] : [...Buffer.from(character, 'utf8')]);
        expect([...Buffer.from(wires[index]?.value ?? '', 'latin1')]).toEqual(bytes);
      }
    }), { seed: 4, numRuns: 1000 });
  });

  test('backslash, comma and quote are escaped, nothing else is', () => {
    expect(encode(text(), 'a\\b,c"d;e\'f\x01\x1f')).toBe('"a\\\\b\\,c\\"d;e\'f\x01\x1f"');
    expect(encode(text(), '')).toBe('""');
  });

  test('CR, LF and NUL never get through, wherever they stand', () => {
    fc.assert(fc.property(printable, fc.constantFrom('\r', '\n', '\0'), printable, (before, bad, after) => {
      for (const field of [text(), secret(text()), optional(text({ max: 999 }))]) refused(field, before + bad + after);
    }), { seed: 5, numRuns: 100 });
    for (const field of [ipv4, address, mac, keyword('TCP')]) for (const bad of ['\r', '\n', '\0', '\r\nAT+RST']) refused(field, `1.2.3.4${bad}`);
  });

  test('its limits are bytes before escaping', () => {
    expect(encode(text({ max: 4 }), '"",,')).toBe('"\\"\\"\\,\\,"');
    expect(encode(text({ max: 4 }), 'éé')).toBe('"\xc3\xa9\xc3\xa9"');
    expect(encode(text({ max: 4 }), '\uDC80\uDC81\uDC82\uDC83')).toBe('"\x80\x81\x82\x83"');
    refused(text({ max: 4 }), 'ééa');
    refused(text({ min: 1, max: 4 }), '');
    expect(text({ min: 8, max: 64 }).codec.name).toBe('text of 8 to 64 bytes without CR, LF and NUL');
    for (const value of [5, null, true, {}, ['a'], new String('a')]) refused(text(), value);
  });
});

describe('integers', () => {
  test('within their limits, both included', () => {
    fc.assert(fc.property(fc.integer(), fc.nat(), (min, span) => {
      const field = int(min, min + span);
      for (const value of [min, min + span]) expect(encode(field, value)).toBe(String(value));
      for (const value of [min - 1, min + span + 1]) refused(field, value);
      const read = field.codec.decode(String(min));
      expect(read).toMatchObject({ right: min });
    }), { seed: 6 });
  });

  test('the ends of 31 and 32 bits are digits, not exponents', () => {
    expect(encode(int(1, 0x7fffffff), 0x7fffffff)).toBe('2147483647');
    expect(encode(uint, 0xffffffff)).toBe('4294967295');
    expect(encode(int(-1, 5), -1)).toBe('-1');
    for (const value of [1.5, NaN, Infinity, '1', true, null, 2n ** 3n, 0x100000000]) refused(uint, value);
  });

  test('read: signs and digits only', () => {
    for (const wire of ['', '1e3', '0x10', ' 1', '1 ', '+1', '--1', '9'.repeat(16)]) expect(uint.codec.decode(wire)._tag).toBe('Left');
  });
});

describe('enumerations, flags, keywords, addresses', () => {
  const modes = enumeration({ off: 0, station: 1 });
  test('names are sent as numbers; unknown numbers are read as they are and cannot be sent', () => {
    expect(encode(modes, 'station')).toBe('1');
    for (const value of ['Station', 'toString', '__proto__', 1, 7]) refused(modes, value);
    expect(modes.codec.decode('1')).toMatchObject({ right: 'station' });
    expect(modes.codec.decode('7')).toMatchObject({ right: 7 });
    expect(modes.codec.decode('x')._tag).toBe('Left');
  });

  test('flags', () => {
    expect([encode(flag, true), encode(flag, false)]).toEqual(['1', '0']);
    for (const value of [1, 0, 'true', null]) refused(flag, value);
    expect(['0', '1', 'true', 'false'].map((wire) => flag.codec.decode(wire))).toMatchObject([{ right: false }, { right: true }, { right: true }, { right: false }]);
    expect(flag.codec.decode('2')._tag).toBe('Left');
  });

  test('addresses, quoted or not', () => {
    expect(encode(ipv4, '192.168.4.2')).toBe('"192.168.4.2"');
    for (const value of ['256.1.1.1', '1.2.3', '1.2.3.4.5', 'host', '1.2.3.4"', '::1']) refused(ipv4, value);
    for (const value of ['fe80::1', '::', '::ffff:1.2.3.4', 'fe80::1%en0', '10.0.0.1']) expect(encode(address, value)).toBe(`"${value}"`);
    for (const value of ['host', '', '1', 'fe80::1"']) refused(address, value);
    expect(ipv4.codec.decode('1.2.3.4')).toMatchObject({ right: '1.2.3.4' });
    expect(mac.codec.decode('"AA:bb:CC:00:11:22"')).toMatchObject({ right: 'aa:bb:cc:00:11:22' });
    expect(mac.codec.decode('AA:bb:CC:00:11')._tag).toBe('Left');
  });
});

describe('parameters of a command', () => {
  const list = fields({ link: when(multiple, int(0, 4)), a: text(), b: optional(uint), c: optional(text()), d: optional(flag), e: whenOptional(multiple, uint) });
  const line = (values: Record<string, unknown>, shape = single): string => {
    const texts = encodeFields('AT+X', list, values, shape);
    return texts instanceof AtError ? texts.message : texts.join(',');
  };

  test('left out in the middle the comma stays, at the end it vanishes', () => {
    expect(line({ a: 'x' })).toBe('"x"');
    expect(line({ a: 'x', d: true })).toBe('"x",,,1');
    expect(line({ a: '', c: '' })).toBe('"",,""');
    expect(line({ link: 3, a: 'x', b: 0 }, mux)).toBe('3,"x",0');
    expect(line({ link: 0, a: 'x', e: 9 }, mux)).toBe('0,"x",,,,9');
  });

  test('conditions hold: required while on, refused while off, whatever the value', () => {
    expect(line({ a: 'x' }, mux)).toBe('AT+X: link is missing: expected integer 0 to 4');
    expect(line({ link: 0, a: 'x' })).toBe('AT+X: link is only for CIPMUX=1');
    expect(line({ a: 'x', e: 1 })).toBe('AT+X: e is only for CIPMUX=1');
    expect(line({ b: 1 })).toMatch(/^AT\+X: a is missing/);
  });

  test('what is shown has stars for secrets, quotes and length kept', () => {
    fc.assert(fc.property(printable, printable, (open, hidden) => {
      const spec = fields({ link: when(multiple, uint), open: text(), hidden: secret(text()) });
      for (const [shape, link] of [[single, undefined], [mux, 1]] as const) {
        const texts = encodeFields('AT+X', spec, { link, open, hidden }, shape);
        if (texts instanceof AtError) throw texts;
        const shown = maskedTexts(spec, texts, shape);
        expect(shown.slice(0, -1)).toEqual(texts.slice(0, -1));
        expect(shown.at(-1)).toMatch(/^"\**"$/);
        expect(shown.at(-1)).toHaveLength(texts.at(-1)?.length ?? -1);
      }
    }), { seed: 8 });
  });
});

test('ERR CODE in its parts', () => {
  expect(errorCode('0x010a7194')).toEqual({ code: '0x010a7194', category: 1, subcategory: 'CMD_EXEC_FAIL', extension: 0x7194, reason: 'HTTP 404 Not Found' });
  expect(errorCode('0x01090000')).toMatchObject({ subcategory: 'UNSUPPORT_CMD' });
  expect(errorCode('0xff7f0001')).toMatchObject({ category: 255, subcategory: '0x7f', extension: 1 });
});
