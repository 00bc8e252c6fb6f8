import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asModules, codeBlocks, root, typeCheck } from '../support/typeCheck.js';

const page = join(root, 'docs', 'features.md');
const guide = readFileSync(page, 'utf8');

/** Values that the package exports from its features. */
const factories = readFileSync(join(root, 'lib', 'index.ts'), 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('export {') && line.includes("'./features/"))
  .flatMap((line) => (/\{(.*)\}/.exec(line)?.[1] ?? '').split(','))
  .map((name) => name.trim())
  .filter((name) => !name.startsWith('type '));

/** Names in the first column of its tables. */
const rows = guide
  .split('\n')
  .filter((line) => line.startsWith('| `'))
  .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name));

describe('docs/features.md', () => {
  it('has a row for every factory, and no other', () => {
    expect(factories.length).toBeGreaterThan(30);
    expect([...rows].sort()).toEqual([...factories].sort());
  });

  it('says five things of each', () => {
    for (const row of guide.split('\n').filter((line) => line.startsWith('| `'))) expect([row, row.split('|').length]).toEqual([row, 7]);
  });

  const complaints = typeCheck(asModules(page, guide));

  it('shows code', () => expect(codeBlocks(guide).length).toBeGreaterThan(3));

  it.each([...complaints])('%s compiles', (_, complaint) => {
    expect(complaint).toBe('');
  });
});
