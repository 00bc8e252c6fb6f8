import * as t from 'io-ts';
import { field, type Field } from './field.js';

const digits = /^(?:[0-9a-fA-F]{2})*$/;
const inner = (text: string): string => text.replace(/^"(.*)"$/s, '$1');

/** Bytes as a quoted string of hex digits, read in lower case; `max` counts bytes, two digits each. */
export const hexText = ({ min = 0, max }: { readonly min?: number; readonly max: number }): Field<string, false> => {
  const name = `hex digits of ${String(min)} to ${String(max)} bytes`;
  const is = (value: unknown): value is string => typeof value === 'string' && digits.test(value) && value.length >= 2 * min && value.length <= 2 * max;
  const codec = new t.Type<string, string, string>(
    name,
    is,
    (wire, context) => (digits.test(inner(wire)) ? t.success(inner(wire).toLowerCase()) : t.failure(wire, context, `expected ${name}`)),
    (value) => `"${value}"`,
  );
  return field(codec, { pattern: '"[0-9a-fA-F]*"', facts: { type: 'hex', maxBytes: 2 * max } });
};

/** Hex digits of an answer without quotes; may be empty (+BLESCAN). */
export const bareHex: Field<string, false> = field(
  new t.Type<string, string, string>(
    'hex digits',
    (value): value is string => typeof value === 'string' && digits.test(value),
    (wire, context) => (digits.test(inner(wire)) ? t.success(inner(wire).toLowerCase()) : t.failure(wire, context, 'expected hex digits')),
    (value) => value,
  ),
  { pattern: '"?[0-9a-fA-F]*"?', facts: { type: 'hex' } },
);

/** A number of an answer, decimal or `0x…`: releases differ (the property of a characteristic, the classes of +BTSTARTDISC). */
export const hexInt: Field<number, false> = field(
  new t.Type<number, string, string>(
    'number',
    (value): value is number => typeof value === 'number',
    (wire, context) => (/^(?:-?\d{1,10}|0x[0-9a-fA-F]{1,8})$/.test(wire) ? t.success(Number(wire)) : t.failure(wire, context, 'expected a number')),
    (value) => String(value),
  ),
  { pattern: '-?(?:0x[0-9a-fA-F]+|\\d+)', facts: { type: 'integer' } },
);

/** The UUID of a service, characteristic or descriptor in an answer, without its `0x`: `C300`, or 32 digits. */
export const uuid: Field<string, false> = field(
  new t.Type<string, string, string>(
    'UUID',
    (value): value is string => typeof value === 'string' && /^[0-9A-F]+$/.test(value),
    (wire, context) => (/^(?:0x)?[0-9a-fA-F]{4,32}$/.test(wire) ? t.success(wire.replace(/^0x/, '').toUpperCase()) : t.failure(wire, context, 'expected a UUID')),
    (value) => `0x${value}`,
  ),
  { pattern: '(?:0x)?[0-9a-fA-F]+', facts: { type: 'hex' } },
);
