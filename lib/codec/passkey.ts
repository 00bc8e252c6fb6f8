import * as t from 'io-ts';
import { field, type Field } from './field.js';

const codec = new t.Type<string, string, string>(
  'a passkey of 1 to 6 digits',
  (value): value is string => typeof value === 'string' && /^\d{1,6}$/.test(value),
  (wire, context) => (/^-?\d{1,6}$/.test(wire) ? t.success(wire) : t.failure(wire, context, 'expected a passkey of 1 to 6 digits')),
  (value) => value,
);

/** A passkey: digits as people read them, leading zeros kept, without quotes on the wire. */
export const passkey: Field<string, false> = field(codec, { pattern: '-?\\d{1,6}', facts: { type: 'integer', min: 0, max: 999999 } });
