import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runProgram } from '../support/runProgram.js';
import { root } from '../support/typeCheck.js';

describe('examples/pipeline.ts', () => {
  const source = join(root, 'examples', 'pipeline.ts');

  it('is about thirty lines of program', () => {
    const lines = readFileSync(source, 'utf8').split('\n').filter((line) => !/^(?:import|\/\*\*|$)/.test(line));
    expect(lines.length).toBeLessThanOrEqual(40);
  });

  it('prints its averages, holds the sensor back, and ends by itself', async () => {
    const { stdout, stderr } = await runProgram({ file: 'examples/pipeline.ts' });
    expect({ stdout, stderr }).toEqual({ stdout: `${'average 25.00 °C\n'.repeat(6)}the sensor had to wait: true\n`, stderr: '' });
  }, 30_000);
});
