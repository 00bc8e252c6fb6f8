import * as t from 'io-ts';
import { field, type Field } from './field.js';

const unsigned = 0xffffffff;

/** A whole number. The limits, both included, hold for what is sent: firmware answers outside of its own documents. */
export const int = (min: number, max: number): Field<number, false> => {
  const name = `integer ${String(min)} to ${String(max)}`;
  const is = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  const codec = new t.Type<number, string, string>(
    name,
    is,
    (text, context) => (/^-?\d{1,15}$/.test(text) ? t.success(Number(text)) : t.failure(text, context, `expected ${name}`)),
    (value) => String(value),
  );
  return field(codec, { pattern: '-?\\d+', facts: { type: 'integer', min, max } });
};

/** A count or size of at most 32 bits. */
export const uint = int(0, unsigned);

/** A number of either sign, in answers. */
export const anyInt = int(-0x80000000, unsigned);

/** `0` or `1` (answers also `false`, `true`) as a boolean. */
export const flag: Field<boolean, false> = field(
  new t.Type<boolean, string, string>(
    'boolean',
    (value): value is boolean => typeof value === 'boolean',
    (text, context) =>
      /^(?:[01]|true|false)$/.test(text) ? t.success(text === '1' || text === 'true') : t.failure(text, context, 'expected 0 or 1'),
    (value) => (value ? '1' : '0'),
  ),
  { pattern: '[01]|true|false', facts: { type: 'flag', min: 0, max: 1 } },
);

/** A number with a name for each value. Numbers the documents do not name are read as themselves and cannot be sent. */
export const enumeration = <const V extends Readonly<Record<string, number>>>(values: V): Field<(keyof V & string) | number, false> => {
  const names = Object.keys(values);
  const name = `one of ${names.map((key) => `"${key}"`).join(', ')}`;
  const is = (value: unknown): value is keyof V & string => typeof value === 'string' && names.includes(value);
  const codec = new t.Type<(keyof V & string) | number, string, string>(
    name,
    is,
    (text, context) => {
      if (!/^-?\d{1,10}$/.test(text)) return t.failure(text, context, `expected ${name}`);
      const found = names.find((key) => values[key] === Number(text));
      return t.success(found === undefined ? Number(text) : (found as keyof V & string));
    },
    (value) => String(typeof value === 'number' ? value : values[value]),
  );
  return field(codec, { pattern: '-?\\d+', facts: { type: 'enumeration', values } });
};
