import { catchError, concat, defer, EMPTY, ignoreElements, Observable, throwError } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';

type Runs = Pick<AtModule, 'exec'>;

export interface Preparation<A> {
  /** As an ordinary command; nothing is left behind by it. */
  readonly first: () => Observable<unknown>;
  readonly then: readonly ((runs: Runs) => Observable<unknown>)[];
  readonly work: (runs: Runs) => Observable<A>;
  /** Takes back what was prepared, also when nobody listens any more. */
  readonly clear: (runs: Runs) => Observable<unknown>;
}

/** Work that needs settings of the module for itself: no other command comes between the first setting and their being taken back. */
export const prepared = <A>(module: AtModule, { first, then, work, clear }: Preparation<A>): Observable<A> =>
  new Observable<A>((subscriber) => {
    const unlessLeft = (step: () => Observable<A>): Observable<A> => defer(() => (subscriber.closed ? EMPTY : step()));
    const cleared = (runs: Runs): Observable<never> =>
      defer(() => clear(runs)).pipe(
        ignoreElements(),
        catchError((error: unknown) => (isAtError(error, 'command') ? EMPTY : throwError(() => error))),
      );
    let late = false;
    const clearLate = (): void => void cleared(module).subscribe({ error: () => undefined });
    const afterwards = (runs: Runs, cause: unknown): Observable<never> => {
      // After a silence the line has to be set in order first; a restart has forgotten everything.
      late = isAtError(cause) && cause.code === 'timeout';
      const gone = isAtError(cause, 'module') || isAtError(cause, 'transport');
      return concat(late || gone ? EMPTY : cleared(runs), throwError(() => cause));
    };
    const hold = (): void => {
      const held = module.line.alone((alone) =>
        concat(
          ...then.map((step) => unlessLeft(() => step(alone).pipe(ignoreElements()))),
          unlessLeft(() => work(alone)),
        ).pipe(
          catchError((cause: unknown) => afterwards(alone, cause)),
          (done) => concat(done, cleared(alone)),
        ),
      );
      // Not tied to the subscriber: what was set is taken back whoever listens.
      held.subscribe({
        next: (value) => subscriber.next(value),
        error: (cause: unknown) => {
          subscriber.error(cause);
          if (late) clearLate();
        },
        complete: () => subscriber.complete(),
      });
    };
    return defer(first).subscribe({
      error: (cause: unknown) => subscriber.error(cause),
      complete: () => {
        if (!subscriber.closed) hold();
      },
    });
  });
