import { commandKey } from '../../lib/command/command.js';
import { dialects } from '../../lib/dialects/dialects.js';
import { type Base, casesOf } from '../support/enumeration.js';
import { pending } from './pending.js';
import { special } from './special.js';
import { tables } from './tables/index.js';

const bases: readonly Base[] = ['v2', 'v4'];
const waiting: readonly string[] = Object.values(pending).flat();
const tabled: readonly string[] = tables.flatMap((table) => Object.keys(table));
const known = new Set<string>([...tabled, ...special]);
const twice = (names: readonly string[]): readonly string[] => names.filter((name, index) => names.indexOf(name) !== index);

describe.each(bases)('dialect %s', (base) => {
  const { commands } = dialects[base];

  test('every entry has cases, or is driven by itself', () => {
    expect([...commands.keys()].filter((key) => !known.has(key))).toEqual([]);
  });

  test('every entry of a table has a case for this dialect', () => {
    const lacking = tables.flatMap((table) => Object.entries(table).filter(([key, entry]) => commands.has(key) && casesOf(entry, base).length === 0).map(([key]) => key));
    expect(lacking).toEqual([]);
  });
});

test('nothing is pending', () => {
  expect(waiting).toEqual([]);
});

test('nothing is listed that no dialect has, or listed twice', () => {
  const declared = new Set(bases.flatMap((base) => [...dialects[base].commands.values()].map(commandKey)));
  expect([...known].filter((key) => !declared.has(key))).toEqual([]);
  expect(twice([...tabled, ...special])).toEqual([]);
});
