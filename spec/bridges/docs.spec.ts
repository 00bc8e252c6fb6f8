import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asModules, root, typeCheck } from '../support/typeCheck.js';

const page = join(root, 'docs', 'bridges.md');

// What the blocks do is in protocols.spec.ts and web.spec.ts.
describe('docs/bridges.md', () => {
  const modules = asModules(page, readFileSync(page, 'utf8'));
  const complaints = typeCheck(modules);

  it.each([...modules.keys()].map((name) => [name.slice(root.length + 1), name]))('%s compiles', (_, name) => {
    expect(complaints.get(name)).toBe('');
  });
});
