import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandTable } from '../../transports/emulator/commands/index.js';
import { handlerOf } from '../../transports/emulator/device.js';
import { emulatedReleases, profiles } from '../../transports/emulator/profiles/index.js';

type Dialect = keyof typeof emulatedReleases;
const forms = [['T', 'test'], ['Q', 'query'], ['S', 'set'], ['X', 'execute']] as const;

/** Which forms of a command the SDK's dialect and the emulated release know otherwise, and why: `name dialect`, then SDK's and emulator's. */
const known: Readonly<Record<string, string>> = {
  'AT+CIPSEND v1': 'SX TSX', // 2.0 answers AT+CIPSEND=? with OK (recorded); the SDK has no use for it.
  'AT+CIPSEND nonos': 'SX TSX',
  'AT+CWCOUNTRY v1': 'S -', // The recorded 2.0 does not know it, so 1.1.3 is held not to.
  'AT+CWMODE v2': 'TQS QS', // v2 is 2.0 too, which has the test form; the emulated 2.1 has not.
  'AT+SYSRAM v4': 'Q QS', // 4.1 has a set form that no document tells of.
  'AT+SYSRAM v5': 'Q QS',
  'AT+SYSROLLBACK v3': 'QX X', // 3.5 answers the query, 3.4 has no text for it.
};

test('what the SDK takes a release to know is what the emulated one knows, except as listed', () => {
  const [head = '', ...rows] = readFileSync(join(__dirname, '..', 'fixtures', 'dialects.txt'), 'utf8').trim().split('\n');
  const dialects = head.trim().split(/\s+/).slice(1) as Dialect[];
  expect([...dialects].sort()).toEqual(Object.keys(emulatedReleases).sort());
  const tables = new Map(dialects.map((dialect) => [dialect, commandTable(profiles[emulatedReleases[dialect][0]])]));
  const found: Record<string, string> = {};
  let compared = 0;
  for (const row of rows) {
    const [name = '', ...cells] = row.trim().split(/\s+/);
    // ATE is ATE0 and ATE1 in the firmware's own list, `+++` no command of it.
    if (name === 'ATE' || name === '+++') continue;
    dialects.forEach((dialect, index) => {
      const { release } = profiles[emulatedReleases[dialect][0]];
      const entry = tables.get(dialect)?.get(name.slice(2));
      const has = entry === undefined ? '-' : forms.map(([letter, form]) => (handlerOf(entry[form], release) ? letter : '')).join('');
      compared += 1;
      if (has !== cells[index]) found[`${name} ${dialect}`] = `${cells[index] ?? ''} ${has}`;
    });
  }
  expect(compared).toBeGreaterThan(1000);
  expect(found).toEqual(known);
});
