import { isLeft } from 'fp-ts/lib/Either.js';
import type { Field, Shape } from '../codec/field.js';
import { maskedTexts, presentFields } from '../codec/fields.js';
import { command, type Command, type Form } from '../command/command.js';
import { bareText, fields, line } from '../codec/index.js';
import { many } from '../command/response.js';
import type { Dialect } from '../dialects/dialect.js';

/** A command line as somebody wrote it, read with the dialect's declaration. */
export interface CommandText {
  readonly name: string;
  readonly form: Form;
  readonly declared: Command;
  readonly params: Readonly<Record<string, unknown>>;
  /** The line with its secrets masked. */
  readonly shown: string;
}

const escaped = /^"(?:[^"\\]|\\.)*"/s;

/** Texts between the commas of a parameter list, quotes and escapes kept. */
const split = (list: string): string[] => {
  const texts: string[] = [];
  for (let at = 0; at <= list.length; ) {
    const rest = list.slice(at);
    const text = escaped.exec(rest)?.[0] ?? /^[^,]*/.exec(rest)?.[0] ?? '';
    texts.push(text);
    at += text.length + 1;
    if (text.length < rest.length && rest[text.length] !== ',') {
      // Characters behind a closing quote: kept with it, the line is wrong anyway.
      const tail = /^[^,]*/.exec(rest.slice(text.length))?.[0] ?? '';
      texts[texts.length - 1] += tail;
      at += tail.length;
    }
  }
  return texts;
};

const quotedTypes: readonly string[] = ['string', 'address', 'mac', 'hex'];

const unescape = (text: string): string => (text.startsWith('"') ? text.replace(/\\(.)/gs, '$1') : text);

/** The same texts with everything that the last parameter takes in one. */
const grouped = (declared: Command, texts: readonly string[], shape: Shape): readonly string[] => {
  const entries = presentFields(declared.params, shape);
  const last = entries.length - 1;
  return entries[last]?.[1].rest === true && texts.length > last ? [...texts.slice(0, last), texts.slice(last).join(',')] : texts;
};

const masked = (declared: Command, texts: readonly string[], shape: Shape): string => maskedTexts(declared.params, grouped(declared, texts, shape), shape).join(',');

/** A number as the SDK writes it: firmware takes `0x4` and `01` too (PROTOCOL section 10). Zeros of a passkey are its own. */
const plainNumber = ({ facts: { type } }: Field<unknown>, text: string): string =>
  !quotedTypes.includes(type) && (/^0x[0-9a-f]{1,8}$/i.test(text) || (type !== 'integer' && /^0+\d$/.test(text))) ? String(Number(text)) : text;

/** The value of one parameter, `undefined` where it is left out, or the fault that this is another command. */
const readOne = (field: Field<unknown>, written: string, strict: boolean): { readonly value: unknown } | 'other' => {
  const text = plainNumber(field, written);
  if (field.constant !== undefined) return text === field.constant ? { value: undefined } : 'other';
  if (text === '') return field.optional ? { value: undefined } : 'other';
  if (field.rest !== true && quotedTypes.includes(field.facts.type) !== text.startsWith('"')) return 'other';
  const decoded = field.codec.decode(field.rest === true ? text : unescape(text));
  return isLeft(decoded) || (strict && !field.codec.is(decoded.right)) ? 'other' : { value: decoded.right };
};

const read = (declared: Command, written: readonly string[], shape: Shape, strict: boolean): Record<string, unknown> | undefined => {
  const entries = presentFields(declared.params, shape);
  const texts = grouped(declared, written, shape);
  if (texts.length > entries.length) return undefined;
  const params: Record<string, unknown> = {};
  for (const [index, [name, field]] of entries.entries()) {
    const found = readOne(field, texts[index] ?? '', strict);
    if (found === 'other') return undefined;
    if (found.value !== undefined) params[name] = found.value;
  }
  return params;
};

const nameAndForm = (text: string): { name: string; form: Form; list: string } => {
  const match = /^(AT(?:\+[A-Z0-9_]*)?)(=\?|=|\?)?(.*)$/is.exec(text);
  const [, name = text, mark = '', list = ''] = match ?? [];
  if (/^ATE\d?$/i.test(text)) return { name: 'ATE', form: 'execute', list: text.slice(3) };
  if (match === null || (mark === '' && list !== '')) return { name: /^[^=?]*/.exec(text)?.[0] ?? text, form: 'execute', list: '' };
  const form = mark === '=?' ? 'test' : mark === '?' ? 'query' : mark === '=' ? 'set' : 'execute';
  return { name: name.toUpperCase(), form, list };
};

/** A command that no declaration knows: its lines are kept as text. */
const undeclared = (name: string, form: Form): Command =>
  command({
    name,
    form,
    response: many(line(`${name.replace(/^AT/i, '')}:`, fields({ text: bareText }))),
    doc: 'Not declared.',
    source: 'none',
  });

const named = new WeakMap<Dialect, ReadonlyMap<string, readonly Command[]>>();

const byNameAndForm = (dialect: Dialect): ReadonlyMap<string, readonly Command[]> => {
  const known = named.get(dialect);
  if (known !== undefined) return known;
  const table = new Map<string, Command[]>();
  for (const declared of dialect.commands.values()) {
    const key = `${declared.name} ${declared.form}`;
    table.set(key, [...(table.get(key) ?? []), declared]);
  }
  named.set(dialect, table);
  return table;
};

/** Reads a command line; tried with the settings as they are, then with the other setting of AT+CIPMUX. */
export const readCommand = (text: string, tables: readonly Dialect[], shape: Shape): CommandText => {
  const { name, form, list } = nameAndForm(text);
  const candidates = tables.flatMap((dialect) => byNameAndForm(dialect).get(`${name} ${form}`) ?? []);
  const texts = list === '' ? [] : split(list);
  // Values within their limits tell kinds of a command apart; a capture may hold others too.
  for (const strict of [true, false]) {
    for (const tried of [shape, { ...shape, cipmux: !shape.cipmux }]) {
      for (const declared of candidates) {
        const params = read(declared, texts, tried, strict);
        if (params === undefined) continue;
        return { name, form, declared, params, shown: text.slice(0, text.length - list.length) + masked(declared, texts, tried) };
      }
    }
  }
  const [declared] = candidates;
  if (declared === undefined) return { name, form, declared: undeclared(name, form), params: {}, shown: text };
  const shown = text.slice(0, text.length - list.length) + masked(declared, texts, shape);
  return { name, form, declared, params: {}, shown };
};
