import { type ChildProcess, execFile } from 'node:child_process';
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

/** How a program is called. */
export interface Call {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Gets it as it starts. */
  readonly started?: (child: ChildProcess) => void;
}

/**
 * Bundles a program, the text of a page or a file of the repository, as somebody would who installs the package, and runs it to its end within 20 s. An exit
 * code other than 0 rejects, with `code` and what was printed.
 */
export const runProgram = async (
  program: { readonly code: string } | { readonly file: string },
  format: 'esm' | 'cjs' = 'esm',
  { args = [], env = {}, started }: Call = {},
): Promise<Printed> => {
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
    // The packages that a program loads as it runs stand beside the package itself.
    const running = promisify(execFile)(process.execPath, [file, ...args], { timeout: 20_000, env: { ...process.env, NODE_PATH: join(root, 'node_modules'), ...env } });
    started?.(running.child);
    return await running;
  } finally {
    rmSync(folder, { recursive: true });
  }
};
