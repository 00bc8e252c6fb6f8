import rxjs from 'eslint-plugin-rxjs-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import { root } from './run.mjs';

const hostFree = {
  files: ['operators/**/*.ts', 'lib/**/*.ts', 'transports/emulator/**/*.ts', 'transports/pair.ts', 'transports/transcript.ts', 'transports/transcript/**/*.ts'],
  ignores: ['lib/bridges/**', 'transports/emulator/node/**'],
};
const hosts = [
  'Buffer', 'process', 'console', 'global', 'globalThis', 'window', 'self', 'TextDecoder', 'TextEncoder', 'URL', 'URLSearchParams',
  'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'setImmediate', 'queueMicrotask', 'performance', 'crypto', 'fetch',
];

const dollar = { selector: 'Identifier[name=/\\$/]', message: 'No `$` in names: the type says that it is an Observable.' };
const promises = [
  { selector: 'TSTypeReference > Identifier[name=/^Promise(Like)?$/]', message: 'One Promise blinds virtual time: return an Observable.' },
  { selector: ':function[async=true]', message: 'One Promise blinds virtual time: no async functions here.' },
  { selector: 'AwaitExpression', message: 'One Promise blinds virtual time: no await here.' },
  { selector: 'ForOfStatement[await=true]', message: 'One Promise blinds virtual time: no for await here.' },
  { selector: 'ImportExpression', message: 'A dynamic import is a Promise.' },
];
const clock = { object: 'Date', property: 'now', message: 'Time comes from the injected scheduler.' };

const everywhere = {
  'max-lines': ['error', { max: 400 }],
  eqeqeq: 'error',
  'no-restricted-syntax': ['error', dollar],
  'no-var': 'error',
  'prefer-const': 'error',
};

export default defineConfig(
  globalIgnores(['dist/', 'coverage/', 'temp/', 'node_modules/', 'docs/']),
  // No file may switch a rule off for itself.
  { linterOptions: { noInlineConfig: true, reportUnusedDisableDirectives: 'off' } },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked, rxjs.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      ...everywhere,
      'no-console': 'off',
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': true, 'ts-ignore': true, 'ts-nocheck': true, 'ts-check': false }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/prefer-promise-reject-errors': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/unbound-method': 'off', // rxjs-x/no-unbound-methods looks where it matters
      'rxjs-x/no-finnish': 'error',
      'rxjs-x/no-ignored-error': 'error',
      'rxjs-x/no-exposed-subjects': ['error', { allowProtected: true }],
      'rxjs-x/no-implicit-any-catch': 'off', // `useUnknownInCatchVariables` and typed operators do it
    },
  },
  {
    ...hostFree,
    rules: {
      'no-restricted-globals': ['error', 'Promise', ...hosts],
      'no-restricted-properties': ['error', clock],
      'no-restricted-syntax': ['error', dollar, ...promises],
      'no-console': 'error',
    },
  },
  {
    files: ['spec/**/*.ts'],
    rules: {
      // A specification looks at the error that it provokes; others reach jest as uncaught.
      'rxjs-x/no-ignored-error': 'off',
      'rxjs-x/no-exposed-subjects': 'off',
      'rxjs-x/no-nested-subscribe': 'off', // subscribing inside a callback is what some of them are about
      'rxjs-x/no-subscribe-in-pipe': 'off',
      'rxjs-x/throw-error': 'off', // what is thrown must pass unchanged, an Error or not
      '@typescript-eslint/only-throw-error': 'off',
      '@typescript-eslint/require-await': 'off', // stand-ins of a binding that answers by Promise
      '@typescript-eslint/no-unsafe-assignment': 'off', // expect.any() and its kin are `any`
      'no-restricted-properties': [
        'error',
        ...['describe', 'it', 'test'].flatMap((object) => ['only', 'skip', 'todo'].map((property) => ({ object, property }))),
      ],
      'no-restricted-globals': ['error', 'fdescribe', 'fit', 'xdescribe', 'xit', 'xtest'],
    },
  },
  {
    files: ['spec/types/**/*.ts'],
    rules: {
      '@typescript-eslint/ban-ts-comment': ['error', { 'ts-expect-error': 'allow-with-description', 'ts-ignore': true, 'ts-nocheck': true }],
      '@typescript-eslint/no-unused-vars': 'off',
    },
  },
  {
    files: ['**/*.mjs', '**/*.cjs', '**/*.js'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: false, program: null } },
    rules: {
      ...everywhere,
      '@typescript-eslint/no-require-imports': 'off',
    },
  },
);
