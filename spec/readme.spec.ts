import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { asModules, codeBlocks, root, typeCheck } from './support/typeCheck.js';

const page = join(root, 'README.md');
const readme = readFileSync(page, 'utf8');

describe('README.md', () => {
  const modules = asModules(page, readme);
  const complaints = typeCheck(modules);

  test('shows the package in TypeScript', () => {
    expect(codeBlocks(readme).length).toBeGreaterThan(0);
  });

  test.each([...modules.keys()].map((name) => [name.slice(root.length + 1), name]))('%s compiles', (_, name) => {
    expect(complaints.get(name)).toBe('');
  });

  test('names the two commands that a newcomer runs', () => {
    expect(readme).toMatch(/^npm ci && npm run demo$/m);
    expect(readme).toMatch(/^npm ci && npm test$/m);
  });

  test('a block that does not compile is found', () => {
    const broken = asModules(page, 'Text.\n\n```ts\nconst n: number = "one";\n```\n');
    expect([...typeCheck(broken).values()].join()).toContain('TS2322');
    expect([...broken.keys()].join()).toContain('README.md.line4.mts');
  });
});
