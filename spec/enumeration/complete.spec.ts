import * as fc from 'fast-check';
import { type Command, commandKey } from '../../lib/command/command.js';
import { dialects } from '../../lib/dialects/dialects.js';
import { type Base, casesOf, joining, stand } from '../support/enumeration.js';
import { paramsOf } from '../support/paramValues.js';
import { pending } from './pending.js';
import { special } from './special.js';
import { tables } from './tables/index.js';

const bases: readonly Base[] = ['v2', 'v4'];
const waiting: readonly string[] = Object.values(pending).flat();
const tabled: readonly string[] = tables.flatMap((table) => Object.keys(table));
const known = new Set<string>([...waiting, ...tabled, ...special]);
const twice = (names: readonly string[]): readonly string[] => names.filter((name, index) => names.indexOf(name) !== index);

describe.each(bases)('dialect %s', (base) => {
  const { commands } = dialects[base];

  test('every entry has cases, is driven by itself, or is pending', () => {
    expect([...commands.keys()].filter((key) => !known.has(key))).toEqual([]);
  });

  test('every entry of a table has a case for this dialect', () => {
    const lacking = tables.flatMap((table) => Object.entries(table).filter(([key, entry]) => commands.has(key) && casesOf(entry, base).length === 0).map(([key]) => key));
    expect(lacking).toEqual([]);
  });

  test.each(waiting.filter((key) => commands.has(key)))('%s is pending: the module refuses it', (key) => {
    const declared = commands.get(key) as Command;
    // A joined station: nothing but the missing effect stands in its way.
    const rig = stand({ given: joining }, base);
    const [params = {}] = fc.sample(paramsOf(declared, rig.module.settings), { numRuns: 1, seed: 5 });
    const length = declared.length;
    const short = length === undefined ? params : { ...params, [length]: Math.min(Number(params[length]), 64) };
    const { values, error } = rig.exec(declared, short, length === undefined ? undefined : new Uint8Array(Number(short[length])));
    expect(values).toEqual([]);
    expect(error).toMatchObject({ kind: 'command', code: 'rejected' });
  });
});

test('nothing is listed that no dialect has, or listed twice', () => {
  const declared = new Set(bases.flatMap((base) => [...dialects[base].commands.values()].map(commandKey)));
  expect([...known].filter((key) => !declared.has(key))).toEqual([]);
  expect(twice([...waiting, ...tabled, ...special])).toEqual([]);
});
