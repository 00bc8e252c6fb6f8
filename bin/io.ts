import type { Readable, Writable } from 'node:stream';
import type { Observable } from 'rxjs';

/** Input of a command: a terminal, a pipe, or what a test gives. */
export type Input = Readable & { readonly isTTY?: boolean; setRawMode?(on: boolean): unknown };
/** Output of a command. */
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything of the process that a command may touch. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Emits the exit code to end with: Ctrl-C, a termination, a reader that is gone. Late subscribers hear it too. */
  readonly interrupts: Observable<number>;
}

/** Writes a line to standard output. */
export const say = ({ stdout }: Io, text: string): void => void stdout.write(`${text}\n`);

/** Writes a line to standard error. */
export const tell = ({ stderr }: Io, text: string): void => void stderr.write(`${text}\n`);
