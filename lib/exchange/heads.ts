import type { CountedHead } from '../../operators/frame.js';
import type { Shape } from '../codec/field.js';
import { countedHead, isOpaque, isSecret, maskLine, type Line } from '../codec/line.js';
import type { Command } from '../command/command.js';
import type { Dialect } from '../dialects/dialect.js';

/** Every declared line of a dialect. */
export const linesOf = (dialect: Dialect): readonly Line[] => [
  ...dialect.events.map((event) => event.line),
  ...[...dialect.commands.values()].flatMap((declared) => declared.response.lines),
];

/** Counted heads of a dialect in the module's present shape: what the framer looks for. */
export const headsOf = (dialect: Dialect, shape: Shape): readonly CountedHead[] => {
  const heads = new Map<string, CountedHead>();
  for (const declared of linesOf(dialect)) {
    const head = countedHead(declared, shape);
    if (head !== undefined) heads.set(head.prefix, head);
  }
  return [...heads.values()];
};

/** First bytes of the lines that carry text of others. */
export const opaqueOf = (dialect: Dialect): readonly string[] => [
  ...new Set(linesOf(dialect).filter((declared) => isOpaque(declared) && declared.prefix.startsWith('+')).map((declared) => declared.prefix)),
];

const isHead = (line: Line, prefix: string): boolean => line.prefix === prefix && line.options.counted !== undefined;

interface HeadLine {
  readonly line: Line;
  readonly event?: string;
}

const tables = new WeakMap<Dialect, ReadonlyMap<string, HeadLine>>();

/** Counted heads by prefix; an event goes before an answer that begins alike. */
const headTable = (dialect: Dialect): ReadonlyMap<string, HeadLine> => {
  let table = tables.get(dialect);
  if (table === undefined) {
    const answers = [...dialect.commands.values()].flatMap((declared) => declared.response.lines).map((line): HeadLine => ({ line }));
    const events = dialect.events.map(({ name, line }): HeadLine => ({ line, event: name }));
    const entries = [...answers.reverse(), ...events.reverse()].filter(({ line }) => line.options.counted !== undefined);
    tables.set(dialect, (table = new Map(entries.map((entry) => [entry.line.prefix, entry]))));
  }
  return table;
};

/** The declared line of a counted head: that of the command under way, where it declares one, before others that begin alike. */
export const lineOfHead = (dialect: Dialect, prefix: string, current?: Command): HeadLine | undefined => {
  const own = current?.response.lines.find((line) => isHead(line, prefix));
  return own === undefined ? headTable(dialect).get(prefix) : { line: own };
};

const secrets = new WeakMap<Dialect, readonly Line[]>();

const secretLines = (dialect: Dialect): readonly Line[] => {
  let found = secrets.get(dialect);
  if (found === undefined) secrets.set(dialect, (found = linesOf(dialect).filter(isSecret)));
  return found;
};

/** A line as it may be shown: with `*` for every secret a declaration knows of, and the secrets themselves. */
export const concealSecrets = (dialect: Dialect, text: string, shape: Shape): { readonly shown: string; readonly secrets: readonly string[] } => {
  const declared = secretLines(dialect).find((line) => text.startsWith(line.prefix));
  return declared === undefined ? { shown: text, secrets: [] } : maskLine(declared, text, shape);
};
