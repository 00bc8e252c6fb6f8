import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './run.mjs';

const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const closed = Object.keys(manifest.exports)
  .filter((key) => manifest.exports[key] === null)
  .map((key) => key.replace('*', ''));

/** What stands for the star of `./dist/cjs/transports/*.d.ts`: file or folder names, never a path. */
const names = (before, after) =>
  readdirSync(join(root, before))
    .map((name) => (after.startsWith('/') ? name : name.endsWith(after) ? name.slice(0, -after.length) : ''))
    .filter((name) => name !== '' && existsSync(join(root, `${before}${name}${after}`)))
    .sort();

/** Every entry of `exports` in the built package, patterns spelled out: `{ key: './transports/tcp', types: './dist/cjs/transports/tcp.d.ts' }`. */
export const entryPoints = () =>
  Object.entries(manifest.exports)
    .filter(([, target]) => target !== null && typeof target !== 'string')
    .flatMap(([key, target]) => {
      const types = target.require.types;
      if (!key.includes('*')) return [{ key, types }];
      const [before, after] = types.split('*');
      return names(before, after).map((name) => ({ key: key.replace('*', name), types: `${before}${name}${after}` }));
    })
    .filter(({ key }) => !closed.some((prefix) => key.startsWith(prefix)));

/** `./transports/tcp` → `rx-esp-at/transports/tcp`. */
export const specifier = (key) => `${manifest.name}${key.slice(1)}`;
