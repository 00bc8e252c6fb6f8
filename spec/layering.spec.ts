import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const root = resolve(__dirname, '..');
const folders = ['lib', 'operators', 'transports', 'bin', 'bench', 'examples', 'scripts'];

/** A tree that keeps the table: every layer with an import that it may have. */
const lawful: Record<string, string> = {
  'operators/index.ts': "export * from './chunk.js';",
  'operators/chunk.ts': "import { of } from 'rxjs';\nexport const chunk = of(1);",
  'lib/index.ts': "export * from './transport.js';\nexport * from './codec/text.js';",
  'lib/transport.ts': "export { chunk } from '../operators/chunk.js';\nexport interface Transport { open(): void }\nexport interface Other { close(): void }",
  'lib/codec/text.ts': "import * as t from 'io-ts';\nimport { isRight } from 'fp-ts/lib/Either.js';\nexport const text = isRight(t.string.decode(''));",
  'lib/features/link.ts': 'export const link = 1;',
  'lib/bridges/node/index.ts': "import { Duplex } from 'node:stream';\nimport type { Transport } from '../../transport.js';\nexport const bridge = (_: Transport) => Duplex;",
  'lib/bridges/web/index.ts': "import { text } from '../../codec/text.js';\nexport const bridge = text;",
  'transports/tcp.ts': "import { connect } from 'node:net';\nimport type { Transport } from '../lib/transport.js';\nexport const tcp = (_: Transport) => connect;",
  'transports/serialport.ts': "import { SerialPort } from 'serialport';\nimport { chunk } from '../lib/transport.js';\nexport const port = [SerialPort, chunk];",
  'transports/webSerial.ts': "import { of } from 'rxjs';\nexport const web = of(1);",
  'transports/emulator/index.ts': "import type { Transport } from '../../lib/transport.js';\nimport { type Other } from '../../lib/transport.js';\nexport const emulator = (_: Transport | Other) => 1;",
  'transports/emulator/node/index.ts': "import { readFileSync } from 'node:fs';\nimport { emulator } from '../index.js';\nexport const served = [readFileSync, emulator];",
  'bin/espAt.ts': "import { Command } from 'commander';\nimport { text } from 'rx-esp-at';\nimport { chunk } from 'rx-esp-at/operators';\nexport const main = [Command, text, chunk];",
  'examples/demo.ts': "import { tcp } from 'rx-esp-at/transports/tcp';\nimport { served } from 'rx-esp-at/emulator/node';\nimport { shared } from './shared.js';\nexport const demo = [tcp, served, shared];",
  'examples/shared.ts': 'export const shared = 1;',
  'bench/index.ts': "import { bridge } from 'rx-esp-at/bridges/node';\nexport const bench = bridge;",
  'scripts/list.mjs': "import { readFileSync } from 'node:fs';\nexport const list = readFileSync;",
};

/** One broken law a file: what it imports, and the rules that must say so. */
const unlawful: readonly (readonly [file: string, imported: string, rules: readonly string[]])[] = [
  ['operators/upward.ts', '../lib/transport.js', ['operators']],
  ['operators/codecs.ts', 'io-ts', ['operators']],
  ['operators/host.ts', 'node:fs', ['operators']],
  ['operators/absent.ts', './nowhere.js', ['no-unresolved', 'operators']],
  ['lib/port.ts', '../transports/tcp.js', ['lib']],
  ['lib/host.ts', 'node:buffer', ['lib']],
  ['lib/wrapped.ts', './bridges/node/index.js', ['lib']],
  ['lib/colours.ts', 'commander', ['lib']],
  ['lib/bridges/web/host.ts', 'node:stream', ['bridges-web']],
  ['lib/bridges/web/other.ts', '../node/index.js', ['bridges']],
  ['transports/known.ts', '../lib/features/link.js', ['transports']],
  ['transports/framed.ts', '../operators/chunk.js', ['transports']],
  ['transports/faked.ts', './emulator/index.js', ['transports']],
  ['transports/webSocket.ts', 'node:net', ['transports-hosts']],
  ['transports/emulator/shared.ts', '../../lib/codec/text.js', ['emulator', 'emulator-types-only']],
  ['transports/emulator/scanner.ts', '../../operators/chunk.js', ['emulator']],
  ['transports/emulator/code.ts', '../../lib/transport.js', ['emulator-types-only']],
  ['transports/emulator/host.ts', 'node:net', ['emulator']],
  ['transports/emulator/adapter.ts', './node/index.js', ['emulator']],
  ['transports/emulator/node/declared.ts', '../../../lib/features/link.js', ['emulator-node']],
  ['bin/inside.ts', '../lib/codec/text.js', ['published-entry-points']],
  ['bin/developing.ts', 'fast-check', ['bin-packages']],
  ['examples/side.ts', 'rx-esp-at/transports/emulator/code', ['no-side-doors']],
  ['examples/borrowed.ts', '../bench/index.js', ['applications']],
  ['bench/inside.ts', '../operators/chunk.js', ['published-entry-points']],
  ['scripts/inside.mjs', '../lib/codec/text.js', ['published-entry-points']],
];

const circle: Record<string, string> = {
  'lib/hen.ts': "import type { Egg } from './egg.js';\nexport interface Hen { lays: Egg }",
  'lib/egg.ts': "import type { Hen } from './hen.js';\nexport interface Egg { becomes: Hen }",
};

interface Cruise {
  readonly summary: { readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[] };
}

describe('the layering table', () => {
  let tree = '';

  beforeEach(() => {
    tree = mkdtempSync(join(tmpdir(), 'layering-'));
    for (const name of ['package.json', 'tsconfig.json']) copyFileSync(join(root, name), join(tree, name));
    symlinkSync(join(root, 'node_modules'), join(tree, 'node_modules'), 'dir');
  });
  afterEach(() => rmSync(tree, { recursive: true, force: true }));

  const plant = (files: Record<string, string>): void => {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(tree, name)), { recursive: true });
      writeFileSync(join(tree, name), `${text}\n`);
    }
  };
  const cruise = (): readonly string[] => {
    const tool = join(root, 'node_modules', 'dependency-cruiser', 'bin', 'dependency-cruise.mjs');
    const config = join(root, 'scripts', 'dependency-cruiser.cjs');
    const json = execFileSync(process.execPath, [tool, '--config', config, '--output-type', 'json', ...folders], { cwd: tree, encoding: 'utf8', maxBuffer: 1 << 26 });
    const { summary } = JSON.parse(json) as Cruise;
    return [...new Set(summary.violations.map(({ from, rule }) => `${from}: ${rule.name}`))].sort();
  };

  test('what it allows passes', () => {
    plant(lawful);
    expect(cruise()).toEqual([]);
  });

  test('what it forbids is found, each under its own rule', () => {
    plant(lawful);
    plant(circle);
    plant(Object.fromEntries(unlawful.map(([file, imported]) => [file, `import * as it from '${imported}';\nexport const used = it;`])));
    const expected = unlawful.flatMap(([file, , rules]) => rules.map((rule) => `${file}: ${rule}`));
    // A circle is told once, at its first file.
    expect(cruise()).toEqual([...expected, 'lib/egg.ts: no-cycles'].sort());
  });
});
