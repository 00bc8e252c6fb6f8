import * as t from 'io-ts';
import { field, type Field } from './field.js';
import { fromWire } from './wireText.js';
import { text, type TextLimits } from './text.js';

/** Strings between commas, quotes and escapes taken off; `undefined` where something else stands. */
const strings = (wire: string): string[] | undefined => {
  if (wire === '') return [];
  const found: string[] = [];
  const item = /"((?:[^"\\]|\\.)*)"(?:,|$)/gsy;
  for (let match = item.exec(wire); match !== null; match = item.exec(wire)) {
    found.push(fromWire((match[1] ?? '').replace(/\\(.)/gs, '$1')));
    if (item.lastIndex === wire.length) return wire.endsWith(',') ? undefined : found;
  }
  return undefined;
};

const isTexts = (value: unknown, least: number, most: number, each: Field<string>): value is readonly string[] =>
  Array.isArray(value) && value.length >= least && value.length <= most && value.every((entry) => each.codec.is(entry));

const joined = (values: readonly string[], each: Field<string>): string => values.map((value) => each.codec.encode(value)).join(',');

/** The last parameter of a command: any number of strings, each its own parameter on the wire (the headers of AT+HTTPCLIENT). */
export const texts = (most: number, limits: TextLimits = {}): Field<readonly string[], false> => {
  const each = text(limits);
  const name = `at most ${String(most)} strings, each ${each.codec.name}`;
  const codec = new t.Type<readonly string[], string, string>(
    name,
    (value): value is readonly string[] => isTexts(value, 1, most, each),
    (wire, context) => {
      const found = strings(wire);
      return found === undefined ? t.failure(wire, context, `expected ${name}`) : t.success(found);
    },
    (values) => joined(values, each),
  );
  return { ...field(codec, { pattern: '.*', opaque: true, facts: { type: 'string' } }), rest: true };
};

/** The same with their number before them (`AT+CIPSSLCALPN=2,"h2","http/1.1"`). */
export const countedTexts = (most: number, limits: TextLimits = {}): Field<readonly string[], false> => {
  const each = text(limits);
  const name = `at most ${String(most)} strings, each ${each.codec.name}`;
  const codec = new t.Type<readonly string[], string, string>(
    name,
    (value): value is readonly string[] => isTexts(value, 0, most, each),
    (wire, context) => {
      const [, count, list = ''] = /^(\d+)(?:,(.*))?$/s.exec(wire) ?? [];
      const found = strings(list);
      return found?.length !== Number(count) ? t.failure(wire, context, `expected ${name}`) : t.success(found);
    },
    (values) => [String(values.length), ...values.map((value) => each.codec.encode(value))].join(','),
  );
  return { ...field(codec, { pattern: '.*', opaque: true, facts: { type: 'string' } }), rest: true };
};

/** Keys with values, their number before them (the TXT records of AT+MDNS). */
export const countedPairs = (most: number): Field<Readonly<Record<string, string>>, false> => {
  const each = text();
  const name = `1 to ${String(most)} keys with values`;
  const is = (value: unknown): value is Readonly<Record<string, string>> =>
    typeof value === 'object' && value !== null && !Array.isArray(value) && isTexts(Object.entries(value).flat(), 2, 2 * most, each);
  const codec = new t.Type<Readonly<Record<string, string>>, string, string>(
    name,
    is,
    (wire, context) => {
      const [, count, list = ''] = /^(\d+)(?:,(.*))?$/s.exec(wire) ?? [];
      const found = strings(list);
      if (found?.length !== 2 * Number(count)) return t.failure(wire, context, `expected ${name}`);
      return t.success(Object.fromEntries(found.flatMap((key, index) => (index % 2 === 0 ? [[key, found[index + 1] ?? '']] : []))));
    },
    (pairs) => `${String(Object.keys(pairs).length)},${joined(Object.entries(pairs).flat(), each)}`,
  );
  return { ...field(codec, { pattern: '.*', opaque: true, facts: { type: 'string' } }), rest: true };
};

/** Strings of an answer to the end of its line, with quotes or (2.1) without. */
export const wireTexts: Field<readonly string[], false> = field(
  new t.Type<readonly string[], string, string>(
    'strings',
    (value): value is readonly string[] => Array.isArray(value),
    (wire) => t.success(wire.split(',').map((part) => fromWire(part.replace(/^"(.*)"$/s, '$1')))),
    (values) => values.join(','),
  ),
  { pattern: '.*', opaque: true, facts: { type: 'string' } },
);
