import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../support/runProgram.js';
import { asModules, codeBlocks, root, typeCheck } from '../support/typeCheck.js';

const page = join(root, 'docs', 'getting-started.md');
const text = readFileSync(page, 'utf8');
/** A program of the page, and what the page says that it prints. */
const programs = [...text.matchAll(/^```ts\n([^]*?)^```\n\n```text\n([^]*?)^```$/gm)].map(([, code = '', printed = '']) => ({ code, printed }));

describe('docs/getting-started.md', () => {
  const modules = asModules(page, text);
  const complaints = typeCheck(modules);

  it('shows the output of every program', () => {
    expect(programs.length).toBeGreaterThan(3);
    expect(programs).toHaveLength(codeBlocks(text).length);
  });

  it.each([...modules.keys()].map((name) => [name.slice(root.length + 1), name]))('%s compiles', (_, name) => {
    expect(complaints.get(name)).toBe('');
  });

  it.each(programs.map((program, index) => [index + 1, program] as const))('program %i prints what the page says, and ends by itself', async (_, { code, printed }) => {
    const { stdout, stderr } = await runProgram({ code });
    expect({ stdout, stderr }).toEqual({ stdout: printed, stderr: '' });
  }, 30_000);
});
