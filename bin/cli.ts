import { Command as Program, CommanderError } from 'commander';
import { commands } from './commands/commands.js';
import { decode } from './commands/decode.js';
import { emulate } from './commands/emulate.js';
import { get } from './commands/get.js';
import { info } from './commands/info.js';
import { join } from './commands/join.js';
import { record } from './commands/record.js';
import { scan } from './commands/scan.js';
import { term } from './commands/term.js';
import { exitCode } from './exitCode.js';
import type { Io } from './io.js';
import { runTask, type Task } from './runTask.js';
import { version } from './version.js';

const notes = `
Exit codes: 0 done, 1 failed, 2 wrong usage, 65 bad data, 66 no such file or port, 75 a silent server, 130 Ctrl-C.

Examples:
  esp-at info --port /dev/ttyUSB0
  esp-at scan --port tcp://192.168.1.20:3333
  esp-at get http://example.com/ -o page.html --ssid Home --port /dev/ttyUSB0
  esp-at term --port emulator
  esp-at record capture.jsonl --port /dev/ttyUSB0
  esp-at emulate --tcp 3333
  esp-at decode capture.jsonl`;

const createProgram = (io: Io, start: (task: Task) => void): Program => {
  const program = new Program('esp-at')
    .description('Talk to Wi-Fi modules that run the ESP-AT firmware, emulate one, or read what somebody recorded.')
    .version(version())
    .configureOutput({ writeOut: (text) => void io.stdout.write(text), writeErr: (text) => void io.stderr.write(text) })
    .showHelpAfterError('(esp-at help COMMAND tells more)')
    .addHelpText('after', notes)
    .exitOverride();
  for (const register of [info, scan, join, get, term, record, emulate, commands, decode]) register(program, io, start);
  return program;
};

/** Runs the command line `args` (without node and script) over `io`; resolves with the exit code. Never rejects for what a user did. */
export const run = async (args: readonly string[], io: Io): Promise<number> => {
  let task: Task | undefined;
  const program = createProgram(io, (chosen) => {
    task = chosen;
  });
  try {
    program.parse(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.ok : exitCode.usage;
    throw error;
  }
  return task === undefined ? exitCode.usage : runTask(task, io);
};
