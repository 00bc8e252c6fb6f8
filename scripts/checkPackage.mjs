// Packs the built package and looks at the tarball as a user gets it: publint, are-the-types-wrong, and every entry loaded both ways.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { entryPoints, specifier } from './entryPoints.mjs';
import { root, run } from './run.mjs';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const home = mkdtempSync(join(tmpdir(), `${manifest.name}-`));
const sh = (command, args, cwd) => execFileSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });

/** The tarball unpacked where node looks for packages, beside what it may depend on. */
const unpack = (tarball) => {
  const modules = join(home, 'node_modules');
  const target = join(modules, manifest.name);
  mkdirSync(target, { recursive: true });
  sh('tar', ['-xzf', tarball, '-C', target, '--strip-components=1'], home);
  for (const name of Object.keys({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), join(modules, name), 'dir');
  }
  return target;
};

/** Loads one entry with import and with require; both must offer the same names. */
const loader = `
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const names = (ns) => Object.keys(ns).filter((name) => name !== 'default' && name !== 'module.exports').sort().join();
for (const entry of JSON.parse(process.argv[2])) {
  const esm = names(await import(entry));
  const cjs = names(require(entry));
  if (esm !== cjs) throw new Error(entry + ': import gives ' + esm + ', require gives ' + cjs);
  console.log('loads both ways: ' + entry);
}
process.exit(0);
`;

/** A star in `exports` matches slashes too: the folders behind a transport must be closed by name. */
const openFolders = () =>
  readdirSync(join(root, 'dist', 'cjs', 'transports'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && readdirSync(join(root, 'dist', 'cjs', 'transports', entry.name)).length > 0)
    .map((entry) => `./transports/${entry.name}/*`)
    .filter((key) => manifest.exports[key] !== null);

const check = async () => {
  if (openFolders().length > 0) throw new Error(`package.json must close in exports: ${openFolders().join(', ')}`);
  const entries = entryPoints();
  const [{ filename, files }] = JSON.parse(sh('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', home], root));
  const tarball = join(home, filename);
  const stray = files.map(({ path }) => path).filter((path) => !/^(dist\/(cjs|esm)\/|package\.json$|README\.md$|LICENSE$|CHANGELOG\.md$)/.test(path)
    || /^dist\/cjs\/(bench|examples|spec|scripts)\//.test(path));
  if (stray.length > 0) throw new Error(`the tarball holds what it should not: ${stray.join(', ')}`);
  console.log(`${filename}: ${files.length} files`);

  if ((await run('publint', 'publint', ['--strict', tarball])) !== 0) return 1;
  const keys = entries.map(({ key }) => key.replace('./', ''));
  if ((await run('@arethetypeswrong/cli', 'attw', [tarball, '--profile', 'node16', '--format', 'ascii', '--entrypoints', ...keys])) !== 0) return 1;

  const target = unpack(tarball);
  writeFileSync(join(home, 'load.mjs'), loader);
  process.stdout.write(sh(process.execPath, ['load.mjs', JSON.stringify(entries.map(({ key }) => specifier(key)))], home));
  for (const [name, path] of Object.entries(manifest.bin)) {
    sh(process.execPath, [join(target, path), '--help'], home);
    console.log(`runs: ${name} --help`);
  }
  return 0;
};

try {
  process.exitCode = await check();
} finally {
  rmSync(home, { recursive: true, force: true });
}
