import type { Field } from '../codec/field.js';
import { fields, type Spec } from '../codec/fields.js';
import { variant, type Command } from '../command/index.js';

/** The same command with other limits for some of its parameters; order and the rest stay. */
export const limited = <C extends Command>(key: C, changes: Spec): C => {
  const entries = Object.entries(key.params.spec).map(([name, field]): [string, Field<unknown>] => [name, changes[name] ?? field]);
  return variant(key, { params: fields(Object.fromEntries(entries)) });
};

/** The same command without some of its optional parameters. */
export const without = <C extends Command>(key: C, ...names: readonly string[]): C =>
  variant(key, { params: fields(Object.fromEntries(Object.entries(key.params.spec).filter(([name]) => !names.includes(name)))) });
