import { createContext, runInContext } from 'node:vm';
import { buildSync } from 'esbuild';
import { newQuickJSWASMModuleFromVariant } from 'quickjs-emscripten-core';
import variant from '@jitl/quickjs-singlefile-cjs-release-sync';

const length = 1_048_576;

const expected = (): string => {
  let sum = 5381;
  for (let at = 0; at < length; at += 1) sum = (Math.imul(sum, 33) + ((at * 31 + (at >> 8)) & 0xff)) >>> 0;
  return JSON.stringify({ count: length, sum, error: '' });
};

describe('the core on hosts that have nothing but the language', () => {
  const bundle = (): string => {
    const built = buildSync({ entryPoints: [`${__dirname}/embedded.ts`], bundle: true, write: false, format: 'iife', target: 'es2020', platform: 'neutral', mainFields: ['main'], logLevel: 'error' });
    return built.outputFiles[0]?.text ?? '';
  };

  it('opens a module and pulls 1 MiB in a bare vm context', () => {
    const context = createContext({});
    runInContext(bundle(), context);
    expect(runInContext(`program(${String(length)})`, context)).toBe(expected());
  });

  it('opens a module and pulls 1 MiB in QuickJS', async () => {
    const quickjs = await newQuickJSWASMModuleFromVariant(variant);
    const context = quickjs.newContext();
    try {
      context.unwrapResult(context.evalCode(bundle())).dispose();
      const result = context.unwrapResult(context.evalCode(`program(${String(length)})`));
      expect(context.dump(result)).toBe(expected());
      result.dispose();
    } finally {
      context.dispose();
    }
  }, 120_000);
});
