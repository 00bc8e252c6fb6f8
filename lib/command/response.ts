import { AtError } from '../../operators/atError.js';
import type { Line } from '../codec/line.js';
import type { RawLine } from './rawLine.js';

/** One decoded line of an answer, in the order of the wire. */
export interface Item {
  readonly line: Line;
  readonly value: Readonly<Record<string, unknown>>;
  readonly payload?: Uint8Array;
}

/** What a command answers before its terminal, and the typed value that stands for it. */
export interface Response<A = unknown> {
  readonly lines: readonly Line[];
  /** Lines without a `+` prefix of their own belong to the answer (GMR). */
  readonly free?: boolean;
  /** The value of a whole answer. */
  readonly collect: (items: readonly Item[], free: readonly string[]) => A | AtError;
  /** Structure for the reference: how often each line comes. */
  readonly shape: 'none' | 'one' | 'maybe' | 'many' | 'free' | 'group';
}

/** A line that announces a payload gives the payload with its fields. */
export type Counted<A> = A & { readonly payload: Uint8Array };

const valueOf = (item: Item): unknown => (item.payload === undefined ? item.value : { ...item.value, payload: item.payload });

const missing = (line: Line): AtError =>
  new AtError({ kind: 'decode', code: 'missing', message: `the answer lacks its line ${line.prefix}`, details: { line: line.prefix } });

/** No line before the terminal. */
export const none: Response<undefined> = { lines: [], collect: () => undefined, shape: 'none' };

/** Nothing but the raw line that begins at the prompt. */
export const raw: Response<RawLine> = { lines: [], collect: () => new AtError({ kind: 'decode', code: 'raw', message: 'a raw stream has no answer' }), shape: 'none' };

/** Exactly one line. */
export const one = <A>(declared: Line<A>): Response<A> => ({
  lines: [declared],
  collect: (items) => {
    const found = items.find((item) => item.line === declared);
    return found === undefined ? missing(declared) : (valueOf(found) as A);
  },
  shape: 'one',
});

/** One line with a counted payload. */
export const counted = <A>(declared: Line<A>): Response<Counted<A>> => one(declared as Line<Counted<A>>);

/** One line, or none where there is nothing to tell. */
export const maybe = <A>(declared: Line<A>): Response<A | undefined> => ({
  lines: [declared],
  collect: (items) => {
    const found = items.find((item) => item.line === declared);
    return found === undefined ? undefined : (valueOf(found) as A);
  },
  shape: 'maybe',
});

/** Any number of lines. */
export const many = <A>(declared: Line<A>): Response<readonly A[]> => ({
  lines: [declared],
  collect: (items) => items.filter((item) => item.line === declared).map((item) => valueOf(item) as A),
  shape: 'many',
});

/** Counted lines, each with its payload: a body in chunks. A payload longer than 16 KiB comes in parts, each with the fields of its head. */
export const chunks = <A>(declared: Line<A>): Response<readonly Counted<A>[]> => many(declared as Line<Counted<A>>);

/** One line, which looks different from release to release. */
export const oneOf = <A>(...declared: readonly Line<A>[]): Response<A> => ({
  lines: declared,
  collect: (items) => {
    const found = items.find((item) => declared.includes(item.line as Line<A>));
    return found === undefined ? missing(declared[0] as Line) : (valueOf(found) as A);
  },
  shape: 'one',
});

/** Lines of text. */
export const free: Response<readonly string[]> = { lines: [], free: true, collect: (_, texts) => texts, shape: 'free' };

/** Several kinds of line, each under its name. */
export const group = <const G extends Readonly<Record<string, Response>>>(
  parts: G,
): Response<{ readonly [K in keyof G]: G[K] extends Response<infer A> ? A : never }> => ({
  lines: Object.values(parts).flatMap((part) => part.lines),
  collect: (items, texts) => {
    const values: Record<string, unknown> = {};
    for (const [name, part] of Object.entries(parts)) {
      const value = part.collect(items, texts);
      if (value instanceof AtError) return value;
      values[name] = value;
    }
    return values as { [K in keyof G]: G[K] extends Response<infer A> ? A : never };
  },
  shape: 'group',
});

/** Maps the value of a response. */
export const mapped = <A, B>(response: Response<A>, project: (value: A) => B): Response<B> => ({
  ...response,
  collect: (items, texts) => {
    const value = response.collect(items, texts);
    return value instanceof AtError ? value : project(value);
  },
});
