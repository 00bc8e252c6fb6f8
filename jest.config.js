/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  // The sources too: coverage lists only files under a root.
  roots: ['<rootDir>/spec', '<rootDir>/lib', '<rootDir>/operators', '<rootDir>/transports'],
  testMatch: ['<rootDir>/spec/**/*.spec.ts'],
  // tsconfig.json sets isolatedModules: files are transpiled only; `npm run types` checks them.
  transform: { '^.+\\.ts$': ['ts-jest', { tsconfig: '<rootDir>/tsconfig.json' }] },
  moduleNameMapper: {
    '^(\\.{1,2}/.*)\\.js$': '$1',
    '^rx-esp-at$': '<rootDir>/lib/index.ts',
    '^rx-esp-at/operators$': '<rootDir>/operators/index.ts',
    '^rx-esp-at/emulator$': '<rootDir>/transports/emulator/index.ts',
    '^rx-esp-at/emulator/node$': '<rootDir>/transports/emulator/node/index.ts',
    '^rx-esp-at/transports/(.*)$': '<rootDir>/transports/$1.ts',
    '^rx-esp-at/bridges/(.*)$': '<rootDir>/lib/bridges/$1/index.ts',
    '^rx-esp-at/decode$': '<rootDir>/lib/decode/index.ts',
    '^rx-esp-at/catalogue$': '<rootDir>/lib/catalogue/index.ts',
  },
  coverageProvider: 'babel', // v8 is several times slower here
  coverageDirectory: 'coverage',
  collectCoverageFrom: ['lib/**/*.ts', 'operators/**/*.ts', 'transports/**/*.ts', '!**/*.d.ts'],
};
