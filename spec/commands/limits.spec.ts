import { AtError } from '../../operators/atError.js';
import { presentFields } from '../../lib/codec/fields.js';
import { bootSettings, type Command } from '../../lib/command/command.js';
import { encodeCommand } from '../../lib/command/encodeCommand.js';
import { dialects } from '../../lib/dialects/dialects.js';
import * as fc from 'fast-check';
import { paramsOf } from '../support/paramValues.js';

const shape = { ...bootSettings, cipmux: true };

const refused = (declared: Command, params: Readonly<Record<string, unknown>>, parameter: string, limit: RegExp): void => {
  const encoded = encodeCommand(declared, params, shape);
  expect(encoded).toBeInstanceOf(AtError);
  expect(encoded).toMatchObject({ kind: 'usage', code: 'parameter', details: { command: declared.name, parameter } });
  expect((encoded as AtError).message).toMatch(limit);
};

const sampleOf = (declared: Command): Readonly<Record<string, unknown>> => fc.sample(paramsOf(declared, shape), { numRuns: 1, seed: 3 })[0] ?? {};
const cases = Object.values(dialects).flatMap((dialect) => [...dialect.commands.values()].map((declared) => ({ dialect: dialect.name, declared })));

test('numbers outside their limits are refused by name before a byte is sent', () => {
  let checked = 0;
  for (const { declared } of cases) {
    const sample = sampleOf(declared);
    for (const [name, field] of presentFields(declared.params, shape)) {
      const { type, min, max } = field.facts;
      if (type !== 'integer' || field.constant !== undefined || field.codec.is('1')) continue;
      for (const wrong of [(min ?? 0) - 1, (max ?? 0) + 1, (min ?? 0) + 0.5, Number.NaN, String(min)]) {
        refused(declared, { ...sample, [name]: wrong }, name, new RegExp(`${name} is not integer ${String(min)} to ${String(max)}`));
        checked += 1;
      }
    }
  }
  expect(checked).toBeGreaterThan(3000);
});

test('texts over their limit or with CR, LF or NUL are refused by name', () => {
  let checked = 0;
  for (const { declared } of cases) {
    const sample = sampleOf(declared);
    for (const [name, field] of presentFields(declared.params, shape)) {
      const { type, maxBytes, values } = field.facts;
      if (type !== 'string' || values !== undefined || field.rest === true) continue;
      for (const wrong of ['a\rb', 'a\nb', 'a\0b', ...(maxBytes === undefined ? [] : ['a'.repeat(maxBytes + 1), 'ä'.repeat(Math.ceil((maxBytes + 1) / 2))])]) {
        refused(declared, { ...sample, [name]: wrong }, name, maxBytes === undefined ? /without CR, LF and NUL/ : new RegExp(`${String(maxBytes)} bytes`));
        checked += 1;
      }
    }
  }
  expect(checked).toBeGreaterThan(1000);
});

test('a parameter that is required and missing is named with what it should be', () => {
  for (const { declared } of cases) {
    const sample = sampleOf(declared);
    for (const [name, field] of presentFields(declared.params, shape)) {
      if (field.optional && !(field.when !== undefined && field.loose !== true)) continue;
      refused(declared, { ...sample, [name]: undefined }, name, /is missing: expected /);
    }
  }
});

test('the link of every command is for AT+CIPMUX=1 only, or always', () => {
  for (const { declared } of cases) {
    const field = declared.params.spec['link'];
    if (field?.when === undefined) continue;
    const encoded = encodeCommand(declared, sampleOf(declared), { ...shape, cipmux: false });
    expect(encoded).toMatchObject({ kind: 'usage', details: { parameter: 'link' } });
    expect((encoded as AtError).message).toMatch(/link is only for CIPMUX=1/);
  }
});
