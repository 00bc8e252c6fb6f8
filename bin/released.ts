import { catchError, concat, defer, EMPTY, finalize, ignoreElements, type Observable, ReplaySubject, takeUntil, throwError, timer } from 'rxjs';
import type { Transport } from 'rx-esp-at';

/** Longer than the SDK's own limit for an orderly end, in ms. */
const closeLimit = 2500;

/**
 * Runs `use` over a transport and ends only when the port is closed again, whether it completed, failed or was interrupted:
 * a process that ended before would leave links open in the module.
 */
export const untilReleased = <T>(transport: Transport, use: (tracked: Transport) => Observable<T>): Observable<T> =>
  defer(() => {
    const released = new ReplaySubject<never>(1);
    let opened = 0;
    const tracked: Transport = {
      open: () =>
        defer(() => {
          opened += 1;
          return transport.open();
        }).pipe(
          finalize(() => {
            opened -= 1;
            if (opened === 0) released.complete();
          }),
        ),
    };
    const wait = defer(() => (opened === 0 ? EMPTY : released.pipe(ignoreElements(), takeUntil(timer(closeLimit)))));
    return concat(use(tracked).pipe(catchError((error: unknown) => concat(wait, throwError(() => error)))), wait);
  });
