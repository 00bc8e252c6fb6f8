import { defer, type Observable, ReplaySubject } from 'rxjs';
import { explain } from './explain.js';

/** A program that takes arguments. */
export interface Program<A> {
  /** How it is called; `--help` shows it. */
  readonly usage: string;
  /** What the arguments ask for; an error that it throws says what is wrong with them. */
  readonly read: (args: readonly string[]) => A;
  /** What the program tells, a line each. `stop` emits once: leave the module in order then, and complete. */
  readonly lines: (asked: A, stop: Observable<void>) => Observable<string>;
}

/**
 * Runs a program to its end. Exit code 2 for wrong arguments, 1 for an error, 130 for Ctrl-C, which ends it in order; pressed again, at once.
 * A reader that has seen enough, as in `| head -1`, ends it in order too.
 */
export const play = <A>({ usage, read, lines }: Program<A>): void => {
  const args = process.argv.slice(2);
  if (args.includes('--help')) return console.log(usage);
  let asked: A;
  try {
    asked = read(args);
  } catch (error) {
    console.error(`${explain(error)}\n\n${usage}`);
    process.exitCode = 2;
    return;
  }
  const stop = new ReplaySubject<void>(1);
  process.once('SIGINT', () => {
    process.exitCode = 130;
    console.error('closing; Ctrl-C again ends it at once');
    stop.next();
  });
  process.stdout.on('error', () => stop.next());
  // An emulated module runs on without a host, and its timers would keep the process for as long.
  const end = (): void => void process.stdout.write('', () => process.exit());
  defer(() => lines(asked, stop)).subscribe({
    next: (line) => console.log(line),
    error: (error: unknown) => {
      console.error(explain(error));
      process.exitCode = 1;
      end();
    },
    complete: end,
  });
};
