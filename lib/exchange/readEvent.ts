import { AtError } from '../../operators/atError.js';
import type { Shape } from '../codec/field.js';
import { decodeLine } from '../codec/line.js';
import type { AtEvent, EventDeclaration } from '../command/event.js';
import type { Dialect } from '../dialects/dialect.js';

const tables = new WeakMap<Dialect, ReadonlyMap<string, readonly EventDeclaration[]>>();

/** What an event is found by: its text up to the first value. `0,CONNECT` → `CONNECT`, `+IPD,0,5` → `+IPD`. */
const keyOf = (text: string): string => {
  const bare = /^\d,/.test(text) ? text.slice(2) : text;
  return (bare.startsWith('+') ? /^\+\w*/ : /^[^:\d]*/).exec(bare)?.[0] ?? bare;
};

const tableOf = (dialect: Dialect): ReadonlyMap<string, readonly EventDeclaration[]> => {
  const found = tables.get(dialect);
  if (found !== undefined) return found;
  const table = new Map<string, EventDeclaration[]>();
  for (const event of dialect.events) {
    const key = keyOf(event.line.prefix.replace(/[:,]$/, ''));
    table.set(key, [...(table.get(key) ?? []), event]);
  }
  tables.set(dialect, table);
  return table;
};

const read = (dialect: Dialect, text: string, shape: Shape): AtEvent | undefined => {
  for (const event of tableOf(dialect).get(keyOf(text)) ?? []) {
    const fields = decodeLine(event.line, text, shape);
    if (fields !== undefined && !(fields instanceof AtError)) return { name: event.name, fields };
  }
  return undefined;
};

/** A line as a document spells it, in the words of firmware: `+LINK_CONN : 0,1` and `+STA_CONNECTED: <mac>` have blanks, SmartConfig tells of Wi-Fi. */
const asOnTheWire = (text: string): string =>
  text.startsWith('+')
    ? text.replace(/^(\+\w+) *:/, '$1:').replace(/"[^"]*"|([:,]) +| {1,4}(?=,)/g, (found, mark?: string) => (found.startsWith('"') ? found : (mark ?? '')))
    : text.replace(/^Smart(?=config )/, 'smart').replace(/ Wi-Fi(?= info$|$)/, ' wifi');

/** The event a line is, if any. A declared word whose fields cannot be read is no event: it surfaces as unknown. */
export const readEvent = (dialect: Dialect, text: string, shape: Shape): AtEvent | undefined => {
  const event = read(dialect, text, shape);
  if (event !== undefined) return event;
  const wire = asOnTheWire(text);
  return wire === text ? undefined : read(dialect, wire, shape);
};
