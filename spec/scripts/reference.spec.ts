import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

const root = join(__dirname, '../..');

describe('the reference of commands', () => {
  let folder = '';
  let script = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'reference-'));
    script = join(folder, 'reference.mjs');
    // The script imports the published entry point; here that is the source, so that no build is needed.
    buildSync({
      entryPoints: [join(root, 'scripts/reference.mjs')],
      bundle: true,
      platform: 'node',
      format: 'esm',
      alias: { 'rx-esp-at/catalogue': join(root, 'lib/catalogue/index.ts') },
      outfile: script,
      logLevel: 'error',
    });
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is what the tables say', () => {
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { cwd: root, encoding: 'utf8' });
    expect(stderr).toBe('');
    expect(status).toBe(0);
  });

  it('is written whole, a page a group, and found wrong when a word of it differs', () => {
    execFileSync(process.execPath, [script], { cwd: folder });
    const written = join(folder, 'docs/reference');
    expect(readdirSync(written).sort()).toEqual(['basic.md', 'ble.md', 'bt.md', 'dialects.md', 'ethernet.md', 'http.md', 'mqtt.md', 'tcpip.md', 'wifi.md']);
    for (const name of readdirSync(written)) expect(readFileSync(join(written, name), 'utf8')).toBe(readFileSync(join(root, 'docs/reference', name), 'utf8'));
    writeFileSync(join(written, 'wifi.md'), 'nothing');
    cpSync(join(written, 'mqtt.md'), join(written, 'stray.md'));
    const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { cwd: folder, encoding: 'utf8' });
    expect(status).toBe(1);
    expect(stderr).toContain('docs/reference/wifi.md');
    expect(stderr).toContain('docs/reference/stray.md');
  });
});
