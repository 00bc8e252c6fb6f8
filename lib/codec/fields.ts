import { isLeft } from 'fp-ts/lib/Either.js';
import { AtError } from '../../operators/atError.js';
import type { Field, Shape } from './field.js';

/** Fields by name, in the order of the wire. */
export type Spec = Readonly<Record<string, Field<unknown>>>;

type ValueOf<F> = F extends Field<infer A> ? A : never;
/** Fields that always have the same text stand in no object. */
type GivenKeys<S extends Spec> = { [K in keyof S]: [ValueOf<S[K]>] extends [never] ? never : K }[keyof S];
type OptionalKeys<S extends Spec> = { [K in GivenKeys<S>]: S[K] extends Field<unknown, true> ? K : never }[GivenKeys<S>];

/** The object a list of fields stands for. */
export type Values<S extends Spec> = { readonly [K in Exclude<GivenKeys<S>, OptionalKeys<S>>]: ValueOf<S[K]> } & {
  readonly [K in OptionalKeys<S>]?: ValueOf<S[K]> | undefined;
};

/** Parameters or response fields in the order of the wire. */
export interface Fields<S extends Spec = Spec> {
  readonly spec: S;
}

/** Declares fields in the order of the wire. */
export const fields = <const S extends Spec>(spec: S): Fields<S> => ({ spec });

const present = (field: Field<unknown>, shape: Shape): boolean => field.when === undefined || field.when.holds(shape);

/** The fields that stand in a line of the module's present shape. */
export const presentFields = (list: Fields, shape: Shape): [string, Field<unknown>][] =>
  Object.entries(list.spec).filter(([, field]) => present(field, shape));

/** True when the field may be missing from a line in which its condition holds. */
export const omissible = (field: Field<unknown>): boolean => field.optional && (field.when === undefined || field.loose === true);

const usage = (command: string, parameter: string, message: string, expected: string): AtError =>
  new AtError({ kind: 'usage', code: 'parameter', message: `${command}: ${parameter} ${message}`, details: { command, parameter, expected } });

/** Wire texts of a command's parameters, or the `usage` error of the first wrong one. */
export const encodeFields = (command: string, list: Fields, values: Readonly<Record<string, unknown>>, shape: Shape): string[] | AtError => {
  const texts: string[] = [];
  for (const [name, field] of Object.entries(list.spec)) {
    const value = values[name];
    if (field.constant !== undefined) {
      texts.push(field.constant);
      continue;
    }
    if (!present(field, shape)) {
      if (value !== undefined) return usage(command, name, `is only for ${field.when?.setting ?? ''}`, 'nothing');
      continue;
    }
    if (value === undefined) {
      if (!omissible(field)) return usage(command, name, `is missing: expected ${field.codec.name}`, field.codec.name);
      texts.push('');
    } else if (!field.codec.is(value)) {
      return usage(command, name, `is not ${field.codec.name}`, field.codec.name);
    } else {
      texts.push(field.codec.encode(value));
    }
  }
  // Trailing parameters left out vanish, those in the middle keep their comma (document 000 section 1).
  while (texts.length > 0 && texts[texts.length - 1] === '') texts.pop();
  return texts;
};

/** The same texts with `*` for every character of a secret; quotes stay. */
export const maskedTexts = (list: Fields, texts: readonly string[], shape: Shape): string[] => {
  const entries = presentFields(list, shape);
  return texts.map((text, index) => (entries[index]?.[1].secret === true ? text.replace(/[^"]|(?!^)"(?!$)/g, '*') : text));
};

/** How many fields at the end of a line may be missing. */
export const trailing = (list: Fields, shape: Shape): number => {
  const entries = presentFields(list, shape);
  let count = 0;
  for (const [, field] of entries.reverse()) {
    if (!omissible(field)) break;
    count += 1;
  }
  return count;
};

/** Regular expression source for the fields of one line without the last `missing` ones, one capturing group a field. */
export const fieldsPattern = (list: Fields, shape: Shape, missing = 0): string => {
  const all = presentFields(list, shape);
  const entries = all.slice(0, all.length - missing);
  const firstFixed = entries.findIndex(([, field]) => !omissible(field));
  return entries
    .map(([, field], index) => {
      const group = `(${field.pattern})${omissible(field) ? '?' : ''}`;
      // What may be missing before the first fixed field takes the comma behind it along.
      if (index < firstFixed) return `(?:${group},)?`;
      return index === 0 || index === firstFixed ? group : `,${group}`;
    })
    .join('');
};

/** Values of the captured texts, or the `decode` error naming line (as it may be shown) and field. */
export const decodeFields = (shown: () => string, list: Fields, shape: Shape, texts: readonly (string | undefined)[]): Record<string, unknown> | AtError => {
  const values: Record<string, unknown> = {};
  const entries = presentFields(list, shape);
  for (const [index, [name, field]] of entries.entries()) {
    const text = texts[index];
    if (text === undefined || (text === '' && field.optional)) {
      values[name] = undefined;
      continue;
    }
    const decoded = field.codec.decode(text);
    if (isLeft(decoded)) {
      const reason = decoded.left[0]?.message ?? `expected ${field.codec.name}`;
      const line = shown();
      return new AtError({ kind: 'decode', code: 'field', message: `${line}: ${name}: ${reason}`, details: { line, field: name, codec: field.codec.name } });
    }
    values[name] = decoded.right;
  }
  return values;
};
