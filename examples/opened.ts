import { catchError, concat, filter, ignoreElements, NEVER, type Observable, switchMap, takeUntil, tap, throwError } from 'rxjs';
import { type AtModule, openModule, type Transport } from 'rx-esp-at';

/**
 * Opens a module, does something with it, and closes it, also after an error. Cold; emits what that emits, and completes when the port is closed.
 * `stop` ends the opening; what `use` does with it is its own affair.
 */
export const opened = <T>(transport: Transport, use: (module: AtModule) => Observable<T>, stop: Observable<unknown> = NEVER): Observable<T> => {
  let open = false;
  return openModule(transport).pipe(
    tap(() => (open = true)),
    switchMap((module) => {
      const end = module.close().pipe(ignoreElements());
      return concat(use(module).pipe(catchError((error: unknown) => concat(end, throwError(() => error)))), end);
    }),
    // An open module is closed by its own `close()`, which tells when the port is free.
    takeUntil(stop.pipe(filter(() => !open))),
  );
};
