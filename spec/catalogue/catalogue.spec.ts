import { command, event, none } from '../../lib/command/index.js';
import { fields, int, line, optional, secret, text, when, multiple } from '../../lib/codec/index.js';
import { dialects } from '../../lib/dialects/dialects.js';
import { catalogue, dialectNames, tableOf } from '../../lib/catalogue/index.js';
import { paramsOf } from '../../lib/catalogue/params.js';
import { belongs, references } from '../../lib/catalogue/references.js';

const declare = (init: { readonly kind?: string; readonly source?: string; readonly events?: readonly string[]; readonly params?: Parameters<typeof paramsOf>[0][number]['declared']['params'] }) =>
  command({ name: 'AT+X', form: 'set', response: none, doc: 'Does.', source: 'document 000 §1.1', ...init }) as Parameters<typeof paramsOf>[0][number]['declared'];

describe('the catalogue', () => {
  const entries = catalogue();
  const tables = [...new Set(Object.values(dialects))];

  it('has every name of every table exactly once, sorted', () => {
    const names = entries.map(({ name }) => name);
    const declared = tables.flatMap((table) => [...table.commands.values()].map(({ name }) => name));
    expect(names).toEqual([...new Set(declared)].sort());
  });

  it('gives each dialect the forms its table has, and no others', () => {
    const shown = { test: 'test', query: 'query', set: 'set', execute: 'execute', escape: 'special' } as const;
    for (const table of tables) {
      for (const { name, formsByDialect } of entries) {
        const forms = [...table.commands.values()].filter((declared) => declared.name === name).map(({ form }) => shown[form]);
        expect([name, new Set(formsByDialect[table.name] ?? [])]).toEqual([name, new Set(forms)]);
      }
    }
  });

  it('unites the forms of all dialects and names the dialects with a table of their own', () => {
    for (const { forms, formsByDialect, dialects: owners } of entries) {
      expect(new Set(forms)).toEqual(new Set(Object.values(formsByDialect).flat()));
      expect(owners).toEqual(Object.keys(formsByDialect));
      expect(owners.length).toBeGreaterThan(0);
    }
    expect(new Set(entries.flatMap((entry) => entry.dialects))).toEqual(new Set(tables.map(({ name }) => name)));
  });

  it('names events that are declared, a source and a text for everything', () => {
    const known = new Set(tables.flatMap((table) => table.events.map(({ name }) => name)));
    for (const entry of entries) {
      expect(entry.events.filter((name) => !known.has(name))).toEqual([]);
      expect(entry.source).toMatch(/\S/);
      expect(entry.doc).toMatch(/\.$/);
    }
    expect(entries.find(({ name }) => name === 'AT+RST')?.events).toContain('ready');
    expect(entries.find(({ name }) => name === 'AT+CWJAP')?.events).toEqual(expect.arrayContaining(['WIFI CONNECTED', 'WIFI GOT IP']));
  });

  it('says of every parameter what it is, and marks secrets', () => {
    const params = entries.flatMap((entry) => Object.values(entry.params).flat());
    expect(params.every(({ name, type }) => name !== '' && typeof type === 'string')).toBe(true);
    const join = entries.find(({ name }) => name === 'AT+CWJAP');
    expect(join?.params.set?.find(({ name }) => name === 'password')).toMatchObject({ type: 'string', maxBytes: 64, secret: true, optional: false });
    expect(join?.params.set?.find(({ name }) => name === 'ssid')).toMatchObject({ maxBytes: 32, secret: false });
    expect(join?.params.query).toBeUndefined();
  });

  it('is JSON all through', () => {
    expect(JSON.parse(JSON.stringify(entries))).toEqual(entries);
  });

  it('knows every dialect by name, and whose table each uses', () => {
    expect(dialectNames).toEqual(Object.keys(dialects));
    for (const name of dialectNames) expect(tableOf(name)).toBe(dialects[name].name);
  });
});

describe('parameters over several tables', () => {
  it('keep the order of the wire, with what only one of them has in its place', () => {
    const older = declare({ params: fields({ a: int(0, 1), c: int(0, 1), old: int(0, 1) }) });
    const newer = declare({ params: fields({ a: int(0, 1), b: optional(int(0, 1)), c: int(0, 1) }) });
    const found = paramsOf([{ dialect: 'v4', declared: newer }, { dialect: 'v2', declared: older }]);
    expect(found.map(({ name }) => name)).toEqual(['a', 'b', 'c', 'old']);
    expect(found.map((param) => param.dialects)).toEqual([undefined, ['v4'], undefined, ['v2']]);
    expect(found.map((param) => param.optional)).toEqual([false, true, false, false]);
  });

  it('tell what other dialects have otherwise', () => {
    const found = paramsOf([
      { dialect: 'v4', declared: declare({ params: fields({ name: text({ max: 64 }) }) }) },
      { dialect: 'v2', declared: declare({ params: fields({ name: text({ max: 32 }) }) }) },
    ]);
    expect(found).toEqual([{ name: 'name', type: 'string', maxBytes: 64, optional: false, secret: false, byDialect: { v2: { maxBytes: 32 } } }]);
  });

  it('tell which kinds of a command have them, and under which setting', () => {
    const found = paramsOf([
      { dialect: 'v4', declared: declare({ kind: 'tcp', params: fields({ link: when(multiple, int(0, 4)), keepAlive: int(0, 7200) }) }) },
      { dialect: 'v4', declared: declare({ kind: 'udp', params: fields({ link: when(multiple, int(0, 4)), key: secret(text()) }) }) },
    ]);
    expect(found.map(({ name, kinds }) => [name, kinds])).toEqual([['link', undefined], ['key', ['udp']], ['keepAlive', ['tcp']]]);
    expect(found[0]).toMatchObject({ when: 'CIPMUX=1', optional: false });
    expect(found[1]).toMatchObject({ secret: true });
  });
});

describe('the documents\' word on which event belongs to a command', () => {
  const happened = (source: string) => event({ line: line('+X:', fields({})), doc: 'It.', source });

  it('reads single places out of a citation', () => {
    expect(references('document 000 §4.19, §4.22; document 002 +IPD')).toEqual(['document 000 §4.19', 'document 000 §4.22', 'document 002 +IPD']);
  });

  it.each([
    ['the same section', 'document 000 §1.1; FORMATS x', true],
    ['another section', 'document 000 §1.2', false],
    ['the chapter as a whole', 'document 000 §1', false],
    ['the command by its name', 'document 002 AT+X', true],
    ['another command whose name ends like it', 'document 002 AT+YAT+X', false],
  ])('an event of %s', (_, source, expected) => {
    expect(belongs(happened(source), [declare({})], new Set())).toBe(expected);
  });

  it('is not asked where a declaration names the event', () => {
    expect(belongs(happened('nowhere'), [declare({ events: ['+X'] })], new Set(['+X']))).toBe(true);
    expect(belongs(happened('document 000 §1.1'), [declare({})], new Set(['+X']))).toBe(false);
  });
});
