'use strict';

const inFolder = (...folders) => folders.map((folder) => `^${folder}/`);
const library = '^lib/(?!bridges/(node|web)/)';
const transport = '^lib/transport\\.ts$';
const transports = '^transports/(?!emulator/)';
const packages = (...names) => names.map((name) => `node_modules/${name}/`);
const core = 'transports/emulator/(?!node/)';
const applications = ['^bin/', '^examples/', '^bench/', '^scripts/'];

/** One row of the layering table: whoever matches `from` may import `may` and nothing else. */
const row = (name, comment, from, may) => ({ name, comment, severity: 'error', from, to: { pathNot: may } });

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-cycles', comment: 'The data runs one way.', severity: 'error', from: {}, to: { circular: true } },
    { name: 'no-unresolved', comment: 'Nobody imports what is not there.', severity: 'error', from: {}, to: { couldNotResolve: true } },

    row('operators', 'Operators know rxjs only.', { path: inFolder('operators') }, [...inFolder('operators'), ...packages('rxjs')]),
    row(
      'lib',
      'The library knows operators, rxjs, io-ts and fp-ts.',
      { path: library },
      [library, ...inFolder('operators'), ...packages('rxjs', 'io-ts', 'fp-ts')],
    ),
    {
      name: 'bridges',
      comment: 'A bridge knows the library and its own host, no other bridge and no other package.',
      severity: 'error',
      from: { path: '^lib/bridges/([^/]+)/' },
      to: {
        pathNot: [library, ...inFolder('operators', 'lib/bridges/$1'), ...packages('rxjs')],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'bridges-web',
      comment: 'The web bridge runs in browsers.',
      severity: 'error',
      from: { path: '^lib/bridges/web/' },
      to: { dependencyTypes: ['core'] },
    },

    {
      name: 'transports',
      comment: 'A transport knows lib/transport, rxjs and its own host.',
      severity: 'error',
      from: { path: transports },
      to: {
        pathNot: [transports, transport, ...packages('rxjs', 'serialport', '@serialport/[^/]+')],
        dependencyTypesNot: ['core'],
      },
    },
    {
      name: 'transports-hosts',
      comment: 'Transports of browsers and embedded hosts, the pair and the transcript need no Node.',
      severity: 'error',
      from: { path: '^transports/(web|ecma|pair|transcript)' },
      to: { pathNot: [transports, transport, ...packages('rxjs')] },
    },
    row(
      'emulator',
      'The emulator is an independent witness: it must not share a scanner, a codec or a declaration with the library.',
      { path: `^${core}` },
      [`^${core}`, transport, ...packages('rxjs')],
    ),
    {
      name: 'emulator-types-only',
      comment: 'Of the library the emulator takes the types of a transport, no code; its Node adapters also raise the errors of one.',
      severity: 'error',
      from: { path: inFolder('transports/emulator'), pathNot: inFolder('transports/emulator/node') },
      to: { path: '^lib/', dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'emulator-node',
      comment: "The emulator's Node adapters know the emulator, rxjs, Node, ptys and MQTT.",
      severity: 'error',
      from: { path: inFolder('transports/emulator/node') },
      to: {
        pathNot: [...inFolder('transports/emulator'), transport, ...packages('rxjs', '@lydell/node-pty[^/]*', 'mqtt')],
        dependencyTypesNot: ['core'],
      },
    },

    {
      name: 'published-entry-points',
      comment: 'Applications import the package by its name.',
      severity: 'error',
      from: { path: applications },
      to: { path: inFolder('lib', 'operators', 'transports'), dependencyTypesNot: ['aliased', 'aliased-tsconfig', 'aliased-tsconfig-paths'] },
    },
    {
      name: 'no-side-doors',
      comment: 'A pattern of `exports` opens no more than its own files.',
      severity: 'error',
      from: { path: applications },
      to: { path: '^transports/emulator/', pathNot: ['^transports/emulator/index\\.ts$', '^transports/emulator/node/index\\.ts$'] },
    },
    {
      name: 'applications',
      comment: 'The command line, the examples, the benchmarks and the scripts stand apart.',
      severity: 'error',
      from: { path: '^(bin|examples|bench|scripts)/' },
      to: { path: '^(bin|examples|bench|scripts|spec)/', pathNot: '^$1/' },
    },
    {
      name: 'bin-packages',
      comment: 'What the command line needs is a dependency of the package, not of its development.',
      severity: 'error',
      from: { path: '^(bin|lib|operators|transports)/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'], dependencyTypesNot: ['npm', 'npm-peer', 'npm-optional', 'type-only'] },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|temp|coverage)/' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    detectProcessBuiltinModuleCalls: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
