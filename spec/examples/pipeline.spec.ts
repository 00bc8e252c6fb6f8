import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildSync } from 'esbuild';
import { root } from '../support/typeCheck.js';

describe('examples/pipeline.ts', () => {
  const source = join(root, 'examples', 'pipeline.ts');

  it('is about thirty lines of program', () => {
    const lines = readFileSync(source, 'utf8').split('\n').filter((line) => !/^(?:import|\/\*\*|$)/.test(line));
    expect(lines.length).toBeLessThanOrEqual(40);
  });

  it('prints its averages, holds the sensor back, and ends by itself', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'pipeline-'));
    const { outputFiles } = buildSync({ entryPoints: [source], tsconfig: join(root, 'tsconfig.json'), bundle: true, write: false, platform: 'node', format: 'esm', logLevel: 'error' });
    const file = join(folder, 'pipeline.mjs');
    writeFileSync(file, outputFiles[0]?.contents ?? '');
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [file], { timeout: 20_000 });
    rmSync(folder, { recursive: true });
    expect({ stdout, stderr }).toEqual({ stdout: `${'average 25.00 °C\n'.repeat(6)}the sensor had to wait: true\n`, stderr: '' });
  }, 30_000);
});
