import * as fc from 'fast-check';
import type { Field, Shape } from '../../lib/codec/field.js';
import { omissible, presentFields } from '../../lib/codec/fields.js';
import type { Command } from '../../lib/command/command.js';

const letters = ['a', 'B', '7', '-', '_', '.', '/', ' ', ',', '"', '\\', '+', '>', ':', '=', '?', 'ä', '網', '😀'];
const anyText = (most: number): fc.Arbitrary<string> => fc.array(fc.constantFrom(...letters), { maxLength: most }).map((parts) => parts.join(''));
const octet = fc.integer({ min: 0, max: 255 });
const hexOctet = octet.map((value) => value.toString(16).padStart(2, '0'));

const candidates = ({ facts }: Field<unknown>): fc.Arbitrary<unknown> => {
  switch (facts.type) {
    case 'integer': {
      const { min = 0, max = 0 } = facts;
      const numbers = fc.oneof(fc.constantFrom(min, max), fc.integer({ min, max }));
      return fc.oneof(numbers, numbers.map(String));
    }
    case 'flag':
      return fc.boolean();
    case 'enumeration':
      return fc.constantFrom(...Object.keys(facts.values ?? {}));
    case 'address':
      return fc.oneof(fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.')), fc.constantFrom('fe80::860d:8eff:fe9d:cd90', '240c::6666', '::1'));
    case 'mac':
      return fc.array(hexOctet, { minLength: 6, maxLength: 6 }).map((parts) => parts.join(':'));
    case 'hex':
      return fc.array(hexOctet, { maxLength: (facts.maxBytes ?? 0) / 2 }).map((parts) => parts.join(''));
    case 'string': {
      if (facts.values !== undefined) return fc.constantFrom(...Object.keys(facts.values));
      const one = anyText(Math.min(facts.maxBytes ?? 40, 300));
      const few = anyText(6);
      return fc.oneof(one, fc.array(few, { maxLength: 3 }), fc.dictionary(fc.string({ minLength: 1, maxLength: 4 }), few, { minKeys: 1, maxKeys: 3, noNullPrototype: true }));
    }
  }
};

/** Values that a field takes. */
export const valuesOf = (field: Field<unknown>): fc.Arbitrary<unknown> => candidates(field).filter((value) => field.codec.is(value));

/** Parameters that a command takes in a module of this shape. */
export const paramsOf = (declared: Command, shape: Shape): fc.Arbitrary<Readonly<Record<string, unknown>>> => {
  const given = presentFields(declared.params, shape).filter(([, field]) => field.constant === undefined);
  return fc
    .tuple(...given.map(([name, field]) => (omissible(field) ? fc.option(valuesOf(field), { nil: undefined }) : valuesOf(field)).map((value) => [name, value] as const)))
    .map((entries) => Object.fromEntries(entries.filter(([, value]) => value !== undefined)));
};
