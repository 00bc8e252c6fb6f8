import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, typeCheck } from './support/typeCheck.js';

const folder = join(root, 'spec', 'types');
const names = readdirSync(folder).filter((name) => name.endsWith('.ts')).sort();

describe('what must not compile', () => {
  const complaints = typeCheck(new Map(names.map((name) => [join(folder, name), undefined])));

  test.each(names)('%s: every expected error and no other', (name) => {
    expect(complaints.get(join(folder, name))).toBe('');
  });

  test('an expected error that does not come is an error', () => {
    const file = join(folder, 'inMemory.ts');
    const text = '// @ts-expect-error nothing is wrong here\nexport const fine: number = 1;\n';
    expect(typeCheck(new Map([[file, text]])).get(file)).toContain('TS2578');
  });
});
