import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandKey, type Command, type Form } from '../../lib/command/command.js';
import { commands } from '../../lib/commands/index.js';
import { declaredIn } from '../../lib/commands/declared.js';
import type { Dialect, DialectName } from '../../lib/dialects/dialect.js';
import { dialects } from '../../lib/dialects/dialects.js';

const fixture = (name: string): string => join(__dirname, '../fixtures', name);
const letters: Readonly<Record<Form, string>> = { test: 'T', query: 'Q', set: 'S', execute: 'X', escape: '!' };
const order = 'TQSX!';
const names = ['v1', 'v2', 'v2.4', 'v3', 'v4', 'v5', 'nonos'] as const satisfies readonly DialectName[];

const formsOf = (dialect: Dialect, name: string): string => {
  const found = [...dialect.commands.values()].filter((declared) => declared.name === name).map(({ form }) => letters[form]);
  return [...order].filter((letter) => found.includes(letter)).join('');
};

/** One line a command: its name and the forms each dialect has, `-` for none. */
const table = (): string => {
  const all = [...new Set(Object.values(dialects).flatMap((dialect) => [...dialect.commands.values()].map(({ name }) => name)))].sort();
  const row = (cells: readonly string[]): string => cells.map((cell, index) => cell.padEnd(index === 0 ? 24 : 6)).join('').trimEnd();
  return `${[row(['command', ...names]), ...all.map((name) => row([name, ...names.map((dialect) => formsOf(dialects[dialect], name) || '-')]))].join('\n')}\n`;
};

test('the commands and forms of every dialect are those of the reviewed table', () => {
  const path = fixture('dialects.txt');
  // UPDATE_TABLE=1 writes it anew: then review the difference.
  if (process.env['UPDATE_TABLE'] === '1') writeFileSync(path, table());
  expect(table()).toBe(readFileSync(path, 'utf8'));
});

interface Required {
  readonly group: string;
  readonly name: string;
  readonly forms: string;
  readonly documents: readonly string[];
}

const required: readonly Required[] = readFileSync(fixture('requirement.txt'), 'utf8')
  .trim()
  .split('\n')
  .map((row) => {
    const [group = '', name = '', forms = '', documents = ''] = row.split(/\s+/);
    return { group, name, forms, documents: documents.split(',') };
  });

/** Forms that the documents list between them and one of the two does not have. */
const notIn: Readonly<Record<string, readonly string[]>> = {
  v2: ['AT+CIUPDATE Q', 'AT+CIPRECONNINTV Q'],
  v4: ['AT+CIPSNTPCFG X', 'AT+MQTTUSERCFG Q', 'AT+MQTTCLIENTID Q', 'AT+MQTTUSERNAME Q', 'AT+MQTTPASSWORD Q', 'AT+MQTTCONNCFG Q'],
};

const lacking = (dialect: Dialect, rows: readonly Required[]): readonly string[] =>
  rows.flatMap(({ name, forms }) => [...forms].filter((form) => !formsOf(dialect, name).includes(form)).map((form) => `${name} ${form}`));

test('every command and form of the requirement stands in its dialect', () => {
  expect(required).toHaveLength(158);
  expect(lacking(dialects.v2, required.filter(({ documents }) => documents.includes('000')))).toEqual(notIn['v2']);
  // Version 4 keeps what document 000 has of the groups that document 002 does not cover.
  expect(lacking(dialects.v4, required)).toEqual(notIn['v4']);
});

test('every command of the requirement is exported under its group, and nothing else is under two keys', () => {
  const groups = commands as Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  for (const { group, name } of required) {
    const declared = declaredIn(groups[group === 'eth' ? 'ethernet' : group] ?? {});
    // Announcing by mDNS stands under Wi-Fi in document 000, under TCP/IP in document 002.
    expect([name, declared.some((candidate) => candidate.name === name)]).toEqual([name, true]);
  }
  const all: readonly Command[] = Object.values(groups).flatMap((group) => declaredIn(group));
  expect(new Set(all.map(commandKey)).size).toBe(all.length);
});

test.each(Object.values(dialects))('$name: every entry stands under its own key', (dialect) => {
  for (const [key, declared] of dialect.commands) expect(commandKey(declared)).toBe(key);
});

test.each(Object.values(dialects))('$name: a declaration that shares name and form with another tells itself apart', (dialect) => {
  const seen = new Map<string, number>();
  for (const { name, form, kind } of dialect.commands.values()) {
    if (kind === undefined) seen.set(`${name} ${form}`, (seen.get(`${name} ${form}`) ?? 0) + 1);
  }
  expect([...seen].filter(([, count]) => count > 1)).toEqual([]);
});

test('every form that firmware 4.1 lists for a declared command is in v4, and no form that it denies', () => {
  const recording = JSON.parse(readFileSync(fixture('firmware/v41dev-F-misc.json'), 'utf8')) as { steps: { tx: string; rx: string }[] };
  const listing = recording.steps.find(({ tx }) => tx.startsWith('AT+CMD?'))?.rx ?? '';
  const rows = [...listing.matchAll(/\+CMD:\d+,"(AT[^"]*)",(\d),(\d),(\d),(\d)/g)];
  expect(rows.length).toBeGreaterThan(100);
  let compared = 0;
  for (const [, name = '', ...flags] of rows) {
    const declared = formsOf(dialects.v4, name.replace(/^ATE[01]$/, 'ATE'));
    if (declared === '') continue;
    const recorded = [...'TQSX'].filter((_, index) => flags[index] === '1').join('');
    // AT+SYSRAM has a set form since 4.1 that no document describes.
    expect([name, declared]).toEqual([name, name === 'AT+SYSRAM' ? 'Q' : recorded]);
    compared += 1;
  }
  expect(compared).toBeGreaterThan(85);
});

test('every declaration says what it does and where that is written', () => {
  for (const dialect of Object.values(dialects)) {
    for (const { name, doc, source } of dialect.commands.values()) {
      expect([name, /^[A-Z].*\.$/.test(doc)]).toEqual([name, true]);
      expect([name, /document 00[02]|FORMATS|PROTOCOL/.test(source)]).toEqual([name, true]);
    }
    for (const { name, doc, source } of dialect.events) expect([name, doc.endsWith('.'), source.length > 0]).toEqual([name, true, true]);
  }
});

test('prompt commands announce a length that is a parameter, and only they do', () => {
  for (const dialect of Object.values(dialects)) {
    for (const { name, phase, length, params } of dialect.commands.values()) {
      expect([name, length !== undefined]).toEqual([name, phase === 'prompt' || phase === 'prompt-stream']);
      if (length !== undefined) expect([name, params.spec[length]?.facts.type]).toEqual([name, 'integer']);
    }
  }
});
