import { BehaviorSubject, catchError, defer, EMPTY, filter, map, merge, Observable, observeOn, of, share, switchMap, throwError } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import { detached } from '../../operators/detached.js';
import type { AtModule } from '../module/atModule.js';

/** Something that is switched on while somebody needs it. */
export interface RoleSwitch {
  readonly on: () => Observable<unknown>;
  readonly off: () => Observable<unknown>;
  /** It could not be switched on. */
  readonly failed?: () => void;
  /** Nobody needs it any more, or it failed for good: whoever tries again on an error must find it. */
  readonly forget: () => void;
  /** What it stands on: it is switched on at each emission, and what it stands on is held meanwhile. Default: at once, and when the module has restarted. */
  readonly upon?: Observable<unknown>;
}

const isReset = (error: unknown): boolean => isAtError(error, 'module') && error.code === 'reset';

const hold = <R>(module: AtModule, role: R, { on, off, failed, forget, upon }: RoleSwitch): Observable<R | undefined> =>
  new Observable<R | undefined>((subscriber) => {
    let asked = false;
    const start = defer(() => {
      asked = true;
      // What the module was told must be known.
      return detached(on()).pipe(
        map((): R => role),
        catchError((error: unknown) => {
          failed?.();
          asked = false;
          // The next `ready` begins anew.
          if (isReset(error)) return EMPTY;
          forget();
          return throwError(() => error);
        }),
      );
    });
    const ready = module.events.pipe(filter(({ name }) => name === 'ready'));
    const gone = ready.pipe(
      map(() => {
        asked = false;
        return undefined;
      }),
    );
    // What is queued while `ready` is told is dropped with the commands of before.
    const starts = (upon ?? merge(of(undefined), ready.pipe(observeOn(module.scheduler)))).pipe(switchMap(() => start));
    // Before what it stands on is given back.
    subscriber.add(() => {
      forget();
      if (asked) off().subscribe({ error: () => undefined });
    });
    return merge(gone, starts).subscribe(subscriber);
  });

/**
 * Cold, shared: on for the first subscriber, off in the background for the last. Emits the role once it is in force, and again after each restart of the module, when it is on
 * anew. Completes with the module; errors as `on`.
 */
export const heldRole = <R>(module: AtModule, role: R, means: RoleSwitch): Observable<R> =>
  hold(module, role, means).pipe(
    share({ connector: () => new BehaviorSubject<R | undefined>(undefined) }),
    filter((found): found is R & {} => found !== undefined),
  );
