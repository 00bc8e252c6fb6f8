import { handlerOf, type Handler, type Row } from './device.js';
import { errorCode } from './refusal.js';
import { Args, scan } from './scanner.js';

/** What a command line asks for: a handler with its parameters (read on the call: they may be refused), or the codes of its ERROR. */
export type Asked = { readonly name: string; readonly run: Handler; readonly args: () => Args } | { readonly codes: readonly number[] };

/** Takes `AT+NAME`, `AT+NAME?`, `AT+NAME=?` or `AT+NAME=…` apart. */
export const readCommand = (line: string, table: ReadonlyMap<string, Row>, release: number): Asked => {
  const call = /^(\+?[^?=]*)(\?|=\?|=([^]*))?$/.exec(line.slice(2));
  const [, name = '', suffix = '', source = ''] = call ?? [];
  const row = call ? table.get(name.toUpperCase()) : undefined;
  if (!row || (suffix !== '' && !name.startsWith('+'))) return { codes: [errorCode.unknown] };
  const form = suffix === '' ? row.execute : suffix === '?' ? row.query : suffix === '=?' ? row.test : row.set;
  const run = handlerOf(form, release);
  // A form that a known command lacks has no code.
  return run ? { name: row.name, run, args: () => new Args(suffix === '' ? [] : scan(source)) } : { codes: [] };
};
