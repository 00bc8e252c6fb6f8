import type { Command as Program } from 'commander';
import { concat, concatMap, defer, EMPTY, finalize, ignoreElements, merge, type Observable, of, switchMap, take, tap, throwError, timer } from 'rxjs';
import type { Connection } from 'rx-esp-at';
import { decodedText } from '../decoded.js';
import { Exit, exitCode } from '../exitCode.js';
import { type Io, tell } from '../io.js';
import { type LineOptions, withLine } from '../line.js';
import { createMonitor } from '../monitor.js';
import { nameOf, withPort } from '../port.js';
import { printable } from '../printable.js';
import { shown } from '../progress.js';
import { withRecord } from '../recording.js';
import { type Task, untilInterrupt } from '../runTask.js';
import { openTerminal } from '../terminal.js';
import { whole } from '../whole.js';

/** What `term` and `record` are told. */
export interface TermOptions extends LineOptions {
  readonly wait: number;
}

/** `+++` alone leaves passthrough and must have no line end; everything else is a line. */
const bytesOf = (text: string): Uint8Array => Buffer.from(text === '+++' ? text : `${text}\r\n`);

const talk = (io: Io, connection: Connection, { dialect, trace, wait }: TermOptions): Task =>
  defer(() => {
    const terminal = openTerminal(io, '> ');
    const monitor = createMonitor({
      dialect,
      print: terminal.print,
      ...(trace === true ? { concluded: (decoded) => tell(io, decodedText(decoded)) } : {}),
    });
    const send = (text: string): Observable<never> => {
      const bytes = bytesOf(text);
      // Out of a pipe the lines come all at once, but the module takes the next only when it has answered the one before.
      const patience = terminal.interactive ? EMPTY : merge(monitor.answered, timer(wait)).pipe(take(1), ignoreElements());
      const write = defer(() => {
        monitor.sent(bytes);
        return connection.write(bytes);
      });
      return merge(patience, write);
    };
    const { typed } = terminal;
    const lines = typed.pipe(
      concatMap((event): Observable<number> => (event.kind === 'line' ? send(event.text) : of(exitCode.ok))),
    );
    const left = typed.pipe(concatMap((event) => (event.kind === 'leave' ? of(event.code) : EMPTY)));
    const received = concat(
      connection.incoming.pipe(tap(monitor.received), ignoreElements()),
      throwError(() => new Exit(exitCode.failed, 'the line was closed')),
    );
    return merge(received, left, lines).pipe(
      take(1),
      finalize(() => {
        monitor.stop();
        terminal.close();
      }),
    );
  });

/** Opens the line and talks over it until one side has enough. */
export const talking = (io: Io, options: TermOptions): Task =>
  withLine(options, (transport) =>
    transport.open().pipe(
      shown(io, `opening ${nameOf(options.port)}`),
      tap(() => {
        const recording = options.record === undefined ? '' : `, recording to ${printable(options.record)}`;
        if (io.stdin.isTTY === true) tell(io, `connected to ${nameOf(options.port)}${recording}; Ctrl-D ends it`);
      }),
      switchMap((connection) => talk(io, connection, options)),
      take(1),
      untilInterrupt(io),
    ),
  );

/** Adds the options and the help of a command that talks. */
export const withTalk = (command: Program): Program =>
  withPort(command)
    .option('--wait <ms>', 'when lines come from a pipe: send the next one after the answer, or after this long without one', whole(0, 600_000), 3000)
    .addHelpText(
      'after',
      `
What the module says by itself is marked with *. Bytes that are no text are shown as \\x00, payloads in quotes. A line of only +++ is
sent without a line end, which leaves passthrough. Ctrl-D or Ctrl-C ends it. Up and down bring back what was typed, which no file keeps.
Passwords that were typed come back as asterisks.`,
    );

/** `esp-at term`. */
export const term = (program: Program, io: Io, start: (task: Task) => void): void => {
  withRecord(withTalk(program.command('term').description('talk to a module by hand: what you type goes to it line by line, what it says comes back'))).action(
    (options: TermOptions) => start(talking(io, options)),
  );
};
