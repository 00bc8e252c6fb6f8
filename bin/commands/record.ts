import type { Command as Program } from 'commander';
import type { Io } from '../io.js';
import type { Task } from '../runTask.js';
import { talking, type TermOptions, withTalk } from './term.js';

/** `esp-at record`. */
export const record = (program: Program, io: Io, start: (task: Task) => void): void => {
  withTalk(program.command('record').description('talk to a module by hand, as term does, and record the line for esp-at decode, passwords masked'))
    .argument('<file>', 'where to; a file that is there is overwritten')
    .action((file: string, options: TermOptions) => start(talking(io, { ...options, record: file })));
};
