import { type Command as Program, Option } from 'commander';
import { defer, of } from 'rxjs';
import { catalogue, type CatalogueEntry, type DialectName, dialectNames, tableOf } from 'rx-esp-at/catalogue';
import { type Io, say } from '../io.js';
import type { Task } from '../runTask.js';
import { table } from '../table.js';

interface CommandsOptions {
  readonly json?: boolean;
  readonly dialect?: DialectName;
}

const row = ({ name, forms, dialects, esp32Only, doc }: CatalogueEntry): readonly string[] => [name, forms.join(' '), dialects.join(' '), `${doc}${esp32Only ? ' (ESP32 only)' : ''}`];

/** `esp-at commands`. */
export const commands = (program: Program, io: Io, start: (task: Task) => void): void => {
  program
    .command('commands')
    .description('list every AT command that is known, with its forms, parameters and where it is documented')
    .addOption(new Option('--dialect <name>', 'only what this firmware dialect has').choices(dialectNames))
    .option('--json', 'write a JSON array with parameters, events and sources')
    .action(({ json, dialect }: CommandsOptions) => {
      const task = defer(() => {
        const entries = catalogue().filter(({ dialects }) => dialect === undefined || dialects.includes(tableOf(dialect)));
        const limit = io.stdout.isTTY === true ? io.stdout.columns : undefined;
        say(io, json === true ? JSON.stringify(entries, undefined, 1) : table(['name', 'forms', 'dialects', 'what it does'], entries.map(row), limit));
        return of(0);
      });
      start(task);
    });
};
