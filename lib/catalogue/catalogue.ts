import type { Command, Form } from '../command/command.js';
import type { Dialect, DialectName } from '../dialects/dialect.js';
import { dialects } from '../dialects/dialects.js';
import type { CatalogueEntry, CatalogueForm } from './entry.js';
import { paramsOf, type Sighting } from './params.js';
import { belongs } from './references.js';

/** The names `openModule` and `decode` take for a dialect. */
export const dialectNames = Object.keys(dialects) as readonly DialectName[];

/** The dialect whose table a name stands for: releases without a table of their own are read with their nearest. */
export const tableOf = (name: DialectName): DialectName => dialects[name].name;

const order: readonly Form[] = ['test', 'query', 'set', 'execute', 'escape'];
const shown = (form: Form): CatalogueForm => (form === 'escape' ? 'special' : form);
const formsOf = (declared: readonly Command[]): readonly CatalogueForm[] =>
  order.filter((form) => declared.some((candidate) => candidate.form === form)).map(shown);
const distinct = (texts: readonly string[]): readonly string[] => [...new Set(texts)];

/** The dialects that the documents define come first: their limits lead, what other releases have otherwise is told beside. */
const documented: readonly DialectName[] = ['v4', 'v2'];
const tables: readonly Dialect[] = [...new Set([...documented.map((name) => dialects[name]), ...Object.values(dialects)])];

const entryOf = (name: string, found: readonly Sighting[], named: ReadonlySet<string>): CatalogueEntry => {
  const sightings = order.flatMap((form) => found.filter(({ declared }) => declared.form === form));
  const declared = sightings.map((sighting) => sighting.declared);
  const owners = dialectNames.filter((dialect) => sightings.some((sighting) => sighting.dialect === dialect));
  const of = (dialect: DialectName): readonly Command[] => sightings.filter((sighting) => sighting.dialect === dialect).map((sighting) => sighting.declared);
  const params = order.flatMap((form) => {
    const list = paramsOf(sightings.filter((sighting) => sighting.declared.form === form));
    return list.length === 0 ? [] : [[shown(form), list] as const];
  });
  const events = tables.filter((table) => owners.includes(table.name)).flatMap((table) => table.events.filter((event) => belongs(event, declared, named)).map((event) => event.name));
  return {
    name,
    forms: formsOf(declared),
    formsByDialect: Object.fromEntries(owners.map((dialect) => [dialect, formsOf(of(dialect))])),
    dialects: owners,
    esp32Only: declared.every((candidate) => candidate.esp32Only === true),
    params: Object.fromEntries(params),
    events: distinct(events),
    doc: distinct(declared.map((candidate) => candidate.doc)).join(' '),
    source: distinct(declared.flatMap((candidate) => candidate.source.split(/;\s*/))).join('; '),
  };
};

/**
 * Every command that is declared, one entry per name over all dialects, sorted by name. Pure: computed from the tables that encode,
 * frame and decode. No I/O, no state; each call gives a new array.
 */
export const catalogue = (): readonly CatalogueEntry[] => {
  const found = new Map<string, Sighting[]>();
  for (const table of tables) {
    for (const declared of table.commands.values()) {
      const sightings = found.get(declared.name) ?? [];
      found.set(declared.name, sightings);
      sightings.push({ dialect: table.name, declared });
    }
  }
  const named = new Set([...found.values()].flat().flatMap(({ declared }) => declared.events ?? []));
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, sightings]) => entryOf(name, sightings, named));
};
