// Type-checks every part under the library and globals that it may use: `npm run types [part …]`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { root, tsc } from './run.mjs';

const parts = process.argv.length > 2 ? process.argv.slice(2) : ['all', 'core', 'bridgesNode', 'bridgesWeb'];
mkdirSync(join(root, 'dist', '.cache'), { recursive: true });

let failed = 0;
for (const part of parts) {
  const code = await tsc(part);
  console.log(`types: ${part} ${code === 0 ? 'ok' : 'FAILED'}`);
  if (code !== 0) failed += 1;
}
process.exitCode = failed === 0 ? 0 : 1;
