import type { Field } from '../codec/field.js';
import type { Command } from '../command/command.js';
import type { DialectName } from '../dialects/dialect.js';
import type { CatalogueParam, ParamFacts } from './entry.js';

/** A declaration and the dialect whose table it stands in. */
export interface Sighting {
  readonly dialect: DialectName;
  readonly declared: Command;
}

interface Found extends Sighting {
  readonly field: Field<unknown>;
}

const factsOf = ({ facts }: Field<unknown>): ParamFacts => facts;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

/** The facts of `other` that are not those of `first`. */
const difference = (first: ParamFacts, other: ParamFacts): Partial<ParamFacts> =>
  Object.fromEntries(Object.entries(other).filter(([key, value]) => !same(value, first[key as keyof ParamFacts])));

const param = (name: string, found: readonly Found[], all: readonly Sighting[]): CatalogueParam | undefined => {
  const [first] = found;
  if (first === undefined) return undefined;
  const facts = factsOf(first.field);
  const dialects = distinct(found.map(({ dialect }) => dialect));
  const kinds = distinct(found.flatMap(({ declared }) => declared.kind ?? []));
  const differences = found.flatMap(({ dialect, field }): [DialectName, Partial<ParamFacts>][] => {
    const changed = difference(facts, factsOf(field));
    return dialect === first.dialect || Object.keys(changed).length === 0 ? [] : [[dialect, changed]];
  });
  const everywhere = dialects.length === distinct(all.map(({ dialect }) => dialect)).length;
  const everyKind = found.length === all.length || found.some(({ declared }) => declared.kind === undefined);
  return {
    name,
    ...facts,
    optional: found.some(({ field }) => field.optional && field.when === undefined) || found.some(({ field }) => field.loose === true),
    secret: found.some(({ field }) => field.secret),
    ...(first.field.when === undefined ? {} : { when: first.field.when.setting }),
    ...(everywhere ? {} : { dialects }),
    ...(everyKind || kinds.length === 0 ? {} : { kinds }),
    ...(differences.length === 0 ? {} : { byDialect: Object.fromEntries(differences) }),
  };
};

/** Names in the order of the wire; what only a later table has follows what stands before it there. */
const orderOf = (all: readonly Sighting[]): readonly string[] => {
  const order: string[] = [];
  for (const { declared } of all) {
    let at = 0;
    for (const name of Object.keys(declared.params.spec)) {
      const known = order.indexOf(name);
      if (known < 0) order.splice(at, 0, name);
      at = (known < 0 ? at : known) + 1;
    }
  }
  return order;
};

/** The parameters of one form over all tables; the first table's facts lead, others tell what they have otherwise. */
export const paramsOf = (all: readonly Sighting[]): readonly CatalogueParam[] =>
  orderOf(all).flatMap((name) => {
    const found = all.flatMap((sighting): Found[] => {
      const field = sighting.declared.params.spec[name];
      return field === undefined ? [] : [{ ...sighting, field }];
    });
    return param(name, found, all) ?? [];
  });
