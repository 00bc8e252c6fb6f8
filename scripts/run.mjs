import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);

/** The script behind a tool's command: started with node itself, so that no shell or shim stands between. */
const binOf = (packageName, command) => {
  const manifest = join(root, 'node_modules', packageName, 'package.json');
  const { bin } = require(manifest);
  return join(dirname(manifest), typeof bin === 'string' ? bin : bin[command]);
};

/** Runs a tool of node_modules from the project's root; resolves with its exit code. */
export const run = (packageName, command, args) =>
  new Promise((done, failed) => {
    const child = spawn(process.execPath, [binOf(packageName, command), ...args], { cwd: root, stdio: 'inherit' });
    child.on('error', failed);
    child.on('exit', (code) => done(code ?? 1));
  });

export const tsc = (project) => run('typescript', 'tsc', ['-p', join('scripts', 'tsconfig', `${project}.json`)]);
