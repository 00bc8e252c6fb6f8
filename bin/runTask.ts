import { lastValueFrom, takeUntil } from 'rxjs';
import type { Observable } from 'rxjs';
import { exitCode, exitCodeOf } from './exitCode.js';
import { tell, type Io } from './io.js';
import { printable } from './printable.js';
import { reasonOf } from './reasonOf.js';

/** What a command does: cold; its last value is the exit code, 0 unless it emits one; unsubscribing ends it. */
export type Task = Observable<number>;

/** Runs a task to its end or to the first interrupt; says on standard error what went wrong. */
export const runTask = async (task: Task, io: Io): Promise<number> => {
  let interrupted: number | undefined;
  const interrupts = io.interrupts.subscribe({
    next: (code) => {
      interrupted ??= code;
    },
    error: () => undefined,
  });
  try {
    const code = await lastValueFrom(task, { defaultValue: exitCode.ok });
    return interrupted ?? code;
  } catch (error) {
    if (interrupted !== undefined) return interrupted;
    tell(io, `esp-at: ${printable(reasonOf(error))}`);
    return exitCodeOf(error);
  } finally {
    interrupts.unsubscribe();
  }
};

/** Ends a part of a task at the first interrupt, so that what follows it can still close what it opened. */
export const untilInterrupt = <T>(io: Io) => (source: Observable<T>): Observable<T> => source.pipe(takeUntil(io.interrupts));
