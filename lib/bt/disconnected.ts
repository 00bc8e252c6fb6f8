import { catchError, concat, defer, EMPTY, finalize, first, ignoreElements, type Observable, ReplaySubject, take, takeUntil, throwError, timer } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import type * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';

/** The only connection of a profile that there is. */
export const connection = 0;

/** How long the module may take to say that a connection has ended, in ms: it gives one up after 20 s without its other end. */
const farewell = 25_000;

/** Ends a connection by `close`, until the module says that it is done; nothing where there is none. Cold. */
export const disconnected = (module: AtModule, close: Observable<unknown>, told: typeof events.sppDisconnected): Observable<never> =>
  defer(() => {
    // Of SPP the OK comes first up to 2.1, later the event; of A2DP always the OK.
    const gone = new ReplaySubject<unknown>(1);
    const listening = module.events.pipe(first(({ name }) => name === told.name || name === 'ready', undefined)).subscribe({ next: (event) => gone.next(event), error: () => gone.next(undefined) });
    return concat(close, gone.pipe(take(1), takeUntil(timer(farewell, module.scheduler)))).pipe(
      ignoreElements(),
      catchError((error: unknown) => (isAtError(error, 'command') && error.code === 'rejected' ? EMPTY : throwError(() => error))),
      finalize(() => listening.unsubscribe()),
    );
  });
