import * as t from 'io-ts';
import { field, type Field } from './field.js';

/** A parameter that always has the same wire text: it tells what a declaration does (`operation` of AT+FS) and is never given by the user. */
export const constant = (wire: string): Field<never, true> => {
  const codec = new t.Type<never, string, string>(
    wire,
    (value): value is never => value === undefined && false,
    (text, context) => (text === wire ? t.success(undefined as never) : t.failure(text, context, `expected ${wire}`)),
    () => wire,
  );
  const number = Number(wire);
  return { ...field<never>(codec, { pattern: wire, facts: { type: 'integer', min: number, max: number } }), optional: true, constant: wire };
};

/** A flag of which only one value belongs to the declaration. */
export const only = <const B extends boolean>(allowed: B): Field<B, false> => {
  const wire = allowed ? '1' : '0';
  const codec = new t.Type<B, string, string>(
    String(allowed),
    (value): value is B => value === allowed,
    (text, context) => (text === wire ? t.success(allowed) : t.failure(text, context, `expected ${wire}`)),
    () => wire,
  );
  return field(codec, { pattern: wire, facts: { type: 'flag', min: Number(allowed), max: Number(allowed) } });
};
