import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Step {
  readonly tx: string;
  readonly rx: string;
}

/** The lines that real firmware answered to a command, its echo taken off. */
export const recorded = (file: string, line: string): readonly string[] => {
  const { steps } = JSON.parse(readFileSync(join(__dirname, '../fixtures/firmware', `${file}.json`), 'utf8')) as { readonly steps: readonly Step[] };
  const found = steps.find(({ tx }) => tx === `${line}\r\n`);
  if (found === undefined) throw new Error(`${file} has no ${line}`);
  return found.rx.split('\r\n').slice(1);
};
