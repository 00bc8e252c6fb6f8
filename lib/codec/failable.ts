import * as t from 'io-ts';
import { field, type Field } from './field.js';

/** A field of an event in whose place `-1` (or `fail`, as document 000 writes) means that it came to nothing. */
export const failable = <A>(inner: Field<A>): Field<A | 'failed', false> => {
  const codec = new t.Type<unknown, string, string>(
    `${inner.codec.name} or -1`,
    (value): value is unknown => value === 'failed' || inner.codec.is(value),
    (wire, context) => (wire === '-1' || wire === 'fail' ? t.success('failed') : inner.codec.validate(wire, context)),
    (value) => (value === 'failed' ? '-1' : inner.codec.encode(value)),
  );
  return field(codec as t.Type<A | 'failed', string, string>, { pattern: `-1|fail|${inner.pattern}`, opaque: inner.opaque, facts: inner.facts });
};
