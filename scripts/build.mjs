// Builds dist/cjs and dist/esm with two incremental tsc passes, then removes what no longer has a source.
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, tsc } from './run.mjs';

const passes = {
  cjs: { folders: ['lib', 'operators', 'transports', 'bin', 'examples', 'bench'], manifest: undefined },
  // `sideEffects` again: bundlers read the nearest package.json only.
  esm: { folders: ['lib', 'operators', 'transports'], manifest: { type: 'module', sideEffects: false } },
};

const filesUnder = (folder) =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
    : [];

/** Where the outputs of a pass belong: every source gives a .js and a .d.ts at the same place. */
const expected = (pass) => {
  const stems = passes[pass].folders
    .flatMap((folder) => filesUnder(join(root, folder)))
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.d.ts'))
    .map((file) => join(root, 'dist', pass, relative(root, file)).slice(0, -'.ts'.length));
  return new Set(stems.flatMap((stem) => [`${stem}.js`, `${stem}.d.ts`]));
};

const build = async (pass) => {
  const out = join(root, 'dist', pass);
  const outputs = expected(pass);
  // tsc trusts its cache and does not look whether the outputs are still there.
  if ([...outputs].some((file) => !existsSync(file))) rmSync(join(root, 'dist', '.cache', `${pass}.tsbuildinfo`), { force: true });
  mkdirSync(out, { recursive: true });
  const code = await tsc(pass);
  if (code !== 0) return code;
  const { manifest } = passes[pass];
  if (manifest) {
    const path = join(out, 'package.json');
    outputs.add(path);
    writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  }
  for (const file of filesUnder(out)) if (!outputs.has(file)) rmSync(file);
  return 0;
};

mkdirSync(join(root, 'dist', '.cache'), { recursive: true });
const codes = await Promise.all(Object.keys(passes).map(build));
const bin = join(root, 'dist', 'cjs', 'bin', 'espAt.js');
if (existsSync(bin)) chmodSync(bin, statSync(bin).mode | 0o111);
process.exitCode = codes.every((code) => code === 0) ? 0 : 1;
