import { clearLine, createInterface, cursorTo } from 'node:readline';
import { type Observable, ReplaySubject } from 'rxjs';
import { exitCode } from './exitCode.js';
import type { Io } from './io.js';

/** What a user does at a terminal. `end`: Ctrl-D, or a pipe that is empty. `leave`: Ctrl-C, with the exit code it asks for. */
export type Typed = { readonly kind: 'line'; readonly text: string } | { readonly kind: 'end' } | { readonly kind: 'leave'; readonly code: number };

export interface Terminal {
  /** True at a terminal, false in a pipe. */
  readonly interactive: boolean;
  /** What is typed, from the opening on. */
  readonly typed: Observable<Typed>;
  /** Writes a line above the one that is being typed. */
  print(text: string): void;
  /** Gives the terminal back as it was. */
  close(): void;
}

/** Reads lines from standard input, with editing and history on a terminal. In raw mode Ctrl-C is a key and no signal. */
export const openTerminal = ({ stdin, stdout }: Io, prompt: string): Terminal => {
  const interactive = stdin.isTTY === true && stdout.isTTY === true;
  const typed = new ReplaySubject<Typed>(Infinity);
  const editing = { output: stdout, terminal: true, historySize: 200, removeHistoryDuplicates: true };
  const lines = createInterface({ input: stdin, prompt, crlfDelay: Infinity, ...(interactive ? editing : { terminal: false }) });
  let open = true;
  lines.on('line', (text) => {
    typed.next({ kind: 'line', text });
    if (interactive) lines.prompt();
  });
  lines.on('SIGINT', () => typed.next({ kind: 'leave', code: exitCode.interrupted }));
  lines.on('close', () => {
    open = false;
    typed.next({ kind: 'end' });
    typed.complete();
  });
  if (interactive) lines.prompt();
  return {
    interactive,
    typed: typed.asObservable(),
    print: (text) => {
      if (!interactive) return void stdout.write(`${text}\n`);
      cursorTo(stdout, 0);
      clearLine(stdout, 0);
      stdout.write(`${text}\n`);
      if (open) lines.prompt(true);
    },
    close: () => {
      if (interactive) stdout.write('\n');
      if (open) lines.close();
    },
  };
};
