import { catchError, concat, defer, EMPTY, ignoreElements, type Observable, throwError } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import type { Connection } from '../transport.js';

/** Probes at a changed rate before the module is looked for at the one it was opened with. */
const patience = 4;

/** Looks for a module that may run at another rate than the host: it boots with its own, and `ready` is then unreadable. */
export interface LineRate {
  /** Sets the module up; where it does not answer and the rate was changed since the opening, it is looked for at that of the opening: there it has restarted. Cold. */
  readonly started: Observable<unknown>;
  /** After a silence: `requalify` at the rate now, then a look at that of the opening, then `requalify` again. Cold. */
  answering(requalify: (limit?: number) => Observable<never>): Observable<unknown>;
}

const silent = (error: unknown): boolean => isAtError(error, 'module') && (error.code === 'no-answer' || error.code === 'lost');

export interface LineRateConfig {
  /** The prologue. */
  readonly start: Observable<unknown>;
  /** Asks until the module answers. */
  readonly look: Observable<unknown>;
  /** It was found at the rate it booted with: it will be set up again. */
  readonly restarted: () => void;
}

/** The rate of a line that was just opened. */
export const createLineRate = (connection: Connection, { start, look, restarted }: LineRateConfig): LineRate => {
  const opened = connection.baud;
  const { control } = connection;
  const change = (rate: number): Observable<never> => control?.baud(rate) ?? EMPTY;
  const found = defer(() => {
    restarted();
    return EMPTY;
  });
  /** The module has forgotten everything, links among it, although nobody heard it say so. */
  const rebooted = (opening: number): Observable<unknown> => concat(change(opening), look, found);
  const otherwise = (first: Observable<unknown>, next: Observable<unknown>): Observable<unknown> =>
    first.pipe(catchError((error: unknown) => (silent(error) ? next : throwError(() => error))));
  const strayed = (task: (opening: number, now: number) => Observable<unknown>, usual: Observable<unknown>): Observable<unknown> =>
    defer(() => {
      const { baud } = connection;
      return control === undefined || opened === undefined || baud === undefined || baud === opened ? usual : task(opened, baud);
    });
  return {
    started: strayed((opening) => otherwise(start, rebooted(opening)), start),
    answering: (requalify) =>
      strayed(
        (opening, now) => otherwise(otherwise(requalify(patience), rebooted(opening)), concat(change(now), requalify())),
        requalify().pipe(ignoreElements()),
      ),
  };
};
