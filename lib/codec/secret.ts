import * as t from 'io-ts';
import { field, type Field } from './field.js';

const kept = new WeakMap<Secret, string>();

/** A password, key or token that the module printed. Shows as `*` wherever it is turned into text; `reveal()` gives it away on purpose. */
export class Secret {
  constructor(value: string) {
    kept.set(this, value);
  }
  reveal(): string {
    return kept.get(this) ?? '';
  }
  toString(): string {
    return '*'.repeat(this.reveal().length);
  }
  toJSON(): string {
    return this.toString();
  }
}

/** A secret of an answer or event. */
export const concealed = (inner: Field<string>): Field<Secret, false> => {
  const codec = new t.Type<Secret, string, string>(
    inner.codec.name,
    (value): value is Secret => value instanceof Secret,
    (wire, context) => {
      const decoded = inner.codec.validate(wire, context);
      return decoded._tag === 'Left' ? decoded : t.success(new Secret(String(decoded.right)));
    },
    (value) => inner.codec.encode(value.reveal()),
  );
  return { ...field(codec, { pattern: inner.pattern, opaque: inner.opaque, facts: inner.facts }), secret: true };
};
