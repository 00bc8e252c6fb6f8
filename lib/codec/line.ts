import type { CountedHead } from '../../operators/frame.js';
import { AtError } from '../../operators/atError.js';
import type { Shape } from './field.js';
import { decodeFields, fieldsPattern, omissible, presentFields, trailing, type Fields, type Spec, type Values } from './fields.js';

export interface LineOptions<S extends Spec> {
  /** What follows the fields: `)` of +CWLAP. */
  readonly close?: string;
  /** Fields that stand before the word, each followed by a comma: the link ID of `0,CONNECT`. */
  readonly lead?: Fields;
  /** This field announces a payload that follows the head directly. */
  readonly counted?: keyof S & string;
  /** What ends a counted head; `,` unless said. */
  readonly end?: ':' | ',';
  /** The number of fields alone tells a counted head's layout (+IPD): every layout is accepted, whatever the settings. */
  readonly anyLayout?: readonly { readonly fields: number; readonly length: number }[];
  /** The payload counts only when OK follows it. */
  readonly proof?: boolean;
  /** Text may follow the last field that no codec reads. */
  readonly blank?: boolean;
}

/** A line of an answer or event: its literal first characters and the fields behind them. One value is encoder, head, decoder and reference. */
export interface Line<A = unknown> {
  readonly prefix: string;
  readonly fields: Fields;
  readonly options: LineOptions<Spec>;
  /** Turns the fields of the wire into the value. */
  readonly project?: (values: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
  /** Never present: carries the type of the decoded value. */
  readonly value?: A;
}

/** The same line with its fields arranged in another way. */
export const arranged = <A, B extends object>(declared: Line<A>, project: (values: A) => B): Line<B> => ({
  prefix: declared.prefix,
  fields: declared.fields,
  options: declared.options,
  project: project as unknown as NonNullable<Line['project']>,
});

/** Declares a line: `line('+CIPMUX:', fields({ mode: flag }))`. */
export const line = <const S extends Spec>(prefix: string, list: Fields<S>, options: LineOptions<S> = {}): Line<Values<S>> => ({
  prefix,
  fields: list,
  // The keys of S are strings; a declaration with `counted: never` cannot be written.
  options: options as LineOptions<Spec>,
});

/** The word a line is found by: without values, as it stands in tables. */
export const lineWord = (prefix: string): string => prefix.replace(/[:,(=]+$/, '');

const literal = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const shapeKey = (shape: Shape): string => `${shape.cipmux ? 'm' : ''}${shape.cipdinfo ? 'd' : ''}${String(shape.scanMask)}`;

const cache = new WeakMap<Line, Map<string, readonly RegExp[]>>();

/** True where the fields of a counted head without the last `missing` ones are one of its layouts. */
const isLayout = ({ fields: list, options: { counted, anyLayout } }: Line, shape: Shape, missing: number): boolean => {
  const names = presentFields(list, shape).map(([name]) => name);
  return anyLayout?.some((layout) => layout.fields === names.length - missing && layout.length === names.indexOf(counted ?? '')) ?? true;
};

/** From the most fields to the fewest: strings of others stand in the line as they are, so it is read from both ends towards them. */
const compile = (declared: Line, shape: Shape): readonly RegExp[] => {
  const { lead, close = '' } = declared.options;
  const optionalLead = lead !== undefined && presentFields(lead, shape).every(([, field]) => omissible(field)) ? '?' : '';
  const before = lead === undefined ? '' : `(?:${fieldsPattern(lead, shape)},)${optionalLead}`;
  const pattern = (missing: number, more: string): RegExp =>
    new RegExp(`^${before}${literal(declared.prefix)}${fieldsPattern(declared.fields, shape, missing)}${more}${literal(close)}$`, 's');
  const exact = Array.from({ length: trailing(declared.fields, shape) + 1 }, (_, missing) => pattern(missing, ''));
  // What stands behind a counted head is its payload: the head of an abandoned count, glued to what came of it, is no such line.
  if (declared.options.counted !== undefined) return exact.filter((_, missing) => isLayout(declared, shape, missing));
  // A newer firmware may add fields at the end (CIPSERVER? has four up to 3.5, five from 4.1): they are passed over.
  return [...exact, pattern(0, ',.*')];
};

const matchers = (declared: Line, shape: Shape): readonly RegExp[] => {
  let byShape = cache.get(declared);
  if (byShape === undefined) cache.set(declared, (byShape = new Map<string, readonly RegExp[]>()));
  const key = shapeKey(shape);
  let found = byShape.get(key);
  if (found === undefined) byShape.set(key, (found = compile(declared, shape)));
  return found;
};

const matchLine = (declared: Line, text: string, shape: Shape): RegExpExecArray | null => {
  for (const pattern of matchers(declared, shape)) {
    const match = pattern.exec(text);
    if (match !== null) return match;
  }
  return null;
};

const unquoted = (text: string): string => (/^".*"$/s.test(text) ? text.slice(1, -1) : text);
const stars = (text: string): string => text.replace(/[^"]|(?!^)"(?!$)/g, '*');

/** A line with `*` for every character of its secrets, and the secrets' wire texts without quotes; a secret that cannot be told from its neighbours takes them along. */
export const maskLine = (declared: Line, text: string, shape: Shape): { readonly shown: string; readonly secrets: readonly string[] } => {
  const entries = presentFields(declared.fields, shape);
  const start = text.indexOf(declared.prefix) + declared.prefix.length;
  if (start < declared.prefix.length || !entries.some(([, field]) => field.secret)) return { shown: text, secrets: [] };
  const match = matchLine(declared, text, shape);
  const { lead } = declared.options;
  const texts = (match ?? []).slice(1 + (lead === undefined ? 0 : presentFields(lead, shape).length));
  const quoted = texts.filter((found) => /^".*"$/s.test(found ?? '')).length;
  // Quotes inside of a string: where the secret begins and ends cannot be told.
  if (match === null || text.split('"').length - 1 !== 2 * quoted) {
    const secrets = texts.flatMap((found, index) => (entries[index]?.[1].secret === true && found !== undefined ? [unquoted(found)] : []));
    return { shown: text.slice(0, start) + '*'.repeat(text.length - start), secrets };
  }
  const secrets: string[] = [];
  let shown = text.slice(0, start);
  for (const [index, [, field]] of entries.entries()) {
    const found = texts[index];
    if (found === undefined || found === '') continue;
    const at = text.indexOf(found, shown.length);
    shown += text.slice(shown.length, at) + (field.secret ? stars(found) : found);
    if (field.secret) secrets.push(unquoted(found));
  }
  return { shown: shown + text.slice(shown.length), secrets };
};

/** True when the line carries a secret. */
export const isSecret = (declared: Line): boolean => Object.values(declared.fields.spec).some((field) => field.secret);

/** Decodes a line (or the text of a counted head); `undefined` when it is not this line, an error when a field is wrong. */
export const decodeLine = (declared: Line, text: string, shape: Shape): Readonly<Record<string, unknown>> | AtError | undefined => {
  const match = matchLine(declared, text, shape);
  if (match === null) return undefined;
  const { lead } = declared.options;
  const leading = lead === undefined ? 0 : presentFields(lead, shape).length;
  const shown = (): string => maskLine(declared, text, shape).shown;
  const body = decodeFields(shown, declared.fields, shape, match.slice(1 + leading));
  if (body instanceof AtError) return body;
  const front = lead === undefined ? {} : decodeFields(shown, lead, shape, match.slice(1, 1 + leading));
  if (front instanceof AtError) return front;
  const values = { ...front, ...body };
  return declared.project?.(values) ?? values;
};

/** The counted head of a line in the module's present shape. */
export const countedHead = (declared: Line, shape: Shape): CountedHead | undefined => {
  const { counted, end = ',', anyLayout, proof, blank } = declared.options;
  if (counted === undefined) return undefined;
  const names = presentFields(declared.fields, shape).map(([name]) => name);
  return {
    prefix: declared.prefix,
    end,
    layouts: anyLayout ?? [{ fields: names.length, length: names.indexOf(counted) }],
    ...(proof === true ? { proof } : {}),
    ...(blank === true ? { blank } : {}),
  };
};

/** True when the line holds text of others in which a counted head must not be looked for. */
export const isOpaque = (declared: Line): boolean => declared.options.counted === undefined && Object.values(declared.fields.spec).some((field) => field.opaque);
