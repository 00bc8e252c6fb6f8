import { catchError, concat, defer, EMPTY, ignoreElements, type Observable, throwError } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import type { Connection } from '../transport.js';

/** Probes at a changed rate before the module is looked for at the one it was opened with. */
const patience = 4;

/** Looks for a module that may run at another rate than the host: it boots with its own, and `ready` is then unreadable. */
export interface LineRate {
  /** Sets the module up; where it does not answer and the rate was changed since the opening, also at that of the opening. Cold. */
  readonly started: Observable<unknown>;
  /** After a silence: `requalify` at the rate now, then a start at that of the opening, then `requalify` again. Cold. */
  answering(requalify: (limit?: number) => Observable<never>): Observable<unknown>;
}

const silent = (error: unknown): boolean => isAtError(error, 'module') && (error.code === 'no-answer' || error.code === 'lost');

/** `start` is the prologue. */
export const createLineRate = (connection: Connection, start: Observable<unknown>): LineRate => {
  const opened = connection.baud;
  const { control } = connection;
  const change = (rate: number): Observable<never> => control?.baud(rate) ?? EMPTY;
  const otherwise = (first: Observable<unknown>, next: Observable<unknown>): Observable<unknown> =>
    first.pipe(catchError((error: unknown) => (silent(error) ? next : throwError(() => error))));
  const strayed = (task: (opening: number, now: number) => Observable<unknown>, usual: Observable<unknown>): Observable<unknown> =>
    defer(() => {
      const { baud } = connection;
      return control === undefined || opened === undefined || baud === undefined || baud === opened ? usual : task(opened, baud);
    });
  return {
    started: strayed((opening) => otherwise(start, concat(change(opening), start)), start),
    answering: (requalify) =>
      strayed(
        (opening, now) => otherwise(otherwise(requalify(patience), concat(change(opening), start)), concat(change(now), requalify())),
        requalify().pipe(ignoreElements()),
      ),
  };
};
