import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The version in the package's own manifest, wherever above this file it stands. */
export const version = (): string => {
  for (let folder = __dirname; folder !== dirname(folder); folder = dirname(folder)) {
    const path = join(folder, 'package.json');
    if (!existsSync(path)) continue;
    const { name, version: found } = JSON.parse(readFileSync(path, 'utf8')) as { readonly name?: string; readonly version?: string };
    if (name === 'rx-esp-at' && found !== undefined) return found;
  }
  return 'unknown';
};
