import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { root } from './typeCheck.js';

/** What a program has printed. */
export interface Printed {
  readonly stdout: string;
  readonly stderr: string;
}

/** Bundles a program, the text of a page or a file of the repository, as somebody would who installs the package, and runs it to its end within 20 s. */
export const runProgram = async (program: { readonly code: string } | { readonly file: string }, format: 'esm' | 'cjs' = 'esm'): Promise<Printed> => {
  const { outputFiles } = buildSync({
    ...('code' in program ? { stdin: { contents: program.code, loader: 'ts', resolveDir: root } } : { entryPoints: [join(root, program.file)] }),
    tsconfig: join(root, 'tsconfig.json'),
    bundle: true,
    write: false,
    platform: 'node',
    format,
    logLevel: 'error',
  });
  const folder = mkdtempSync(join(tmpdir(), 'program-'));
  const file = join(folder, format === 'esm' ? 'program.mjs' : 'program.cjs');
  writeFileSync(file, outputFiles[0]?.contents ?? '');
  try {
    return await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });
  } finally {
    rmSync(folder, { recursive: true });
  }
};
