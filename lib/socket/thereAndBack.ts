import { catchError, concat, defer, EMPTY, ignoreElements, type Observable, throwError } from 'rxjs';
import { isAtError } from '../../operators/atError.js';

/** Runs something, unless nobody wants to go on, and notes what undoes it. Cold. */
export type Step = (run: () => Observable<unknown>, back?: () => Observable<unknown>) => Observable<never>;

/** After these the module is set up anew anyway, or gone. */
const hopeless = (error: unknown): boolean => !isAtError(error) || error.kind === 'module' || error.kind === 'transport' || error.code === 'timeout';

const attempted = (step: Observable<unknown>): Observable<never> =>
  step.pipe(
    ignoreElements(),
    catchError((error: unknown) => (isAtError(error, 'command') && error.code === 'rejected' ? EMPTY : throwError(() => error))),
  );

/**
 * Goes step by step, then back the same way, also from where it failed; once `unwanted` it only goes back. `leftBehind` says that somebody else has
 * undone the step before. Cold; errors with what failed on the way there.
 */
export const thereAndBack = (unwanted: () => boolean, there: (step: Step, leftBehind: () => void) => Observable<never>): Observable<never> =>
  defer(() => {
    const undo: (() => Observable<unknown>)[] = [];
    const step: Step = (run, back) =>
      defer(() => {
        if (unwanted()) return EMPTY;
        const noted = defer(() => {
          if (back !== undefined) undo.unshift(back);
          return EMPTY;
        });
        return concat(run().pipe(ignoreElements()), noted);
      });
    const back = defer(() => concat(...undo.map((run) => attempted(defer(run)))));
    return concat(
      there(step, () => void undo.shift()).pipe(catchError((error: unknown) => concat(hopeless(error) ? EMPTY : back, throwError(() => error)))),
      back,
    );
  });
