import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { asModules, codeBlocks, root, typeCheck } from '../support/typeCheck.js';

const page = join(root, 'docs', 'getting-started.md');
const text = readFileSync(page, 'utf8');
/** A program of the page, and what the page says that it prints. */
const programs = [...text.matchAll(/^```ts\n([^]*?)^```\n\n```text\n([^]*?)^```$/gm)].map(([, code = '', printed = '']) => ({ code, printed }));

describe('docs/getting-started.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'started-'));
  const modules = asModules(page, text);
  const complaints = typeCheck(modules);
  afterAll(() => rmSync(folder, { recursive: true }));

  it('shows the output of every program', () => {
    expect(programs.length).toBeGreaterThan(3);
    expect(programs).toHaveLength(codeBlocks(text).length);
  });

  it.each([...modules.keys()].map((name) => [name.slice(root.length + 1), name]))('%s compiles', (_, name) => {
    expect(complaints.get(name)).toBe('');
  });

  it.each(programs.map((program, index) => [index + 1, program] as const))('program %i prints what the page says, and ends by itself', async (index, { code, printed }) => {
    const file = join(folder, `${String(index)}.mjs`);
    const { outputFiles } = buildSync({
      stdin: { contents: code, loader: 'ts', resolveDir: root },
      tsconfig: join(root, 'tsconfig.json'),
      bundle: true,
      write: false,
      platform: 'node',
      format: 'esm',
      logLevel: 'error',
    });
    writeFileSync(file, outputFiles[0]?.contents ?? '');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });
    expect({ stdout, stderr }).toEqual({ stdout: printed, stderr: '' });
  }, 30_000);
});
