import { BehaviorSubject, catchError, EMPTY, filter, ignoreElements, Observable, Subject, takeUntil, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';

/** Whether a connection stands, and what may still be sent to it: never a command that its successor would get. */
export interface Liveness {
  readonly state: Observable<'open' | 'closed'>;
  readonly open: boolean;
  /** The connection is over, for this reason. Only the first counts. */
  over(reason?: AtError): void;
  /**
   * As the source while the connection stands; then it is left, which takes a waiting command back, and the reason is the error. `hasty`: not only when it is
   * closed, but as soon as somebody wants to close it.
   */
  guard<T>(source: Observable<T>, hasty?: boolean): Observable<T>;
  /** Closes the connection unless it is closed; completes when it is. */
  readonly close: Observable<never>;
}

/** A connection that has just been opened; `close` closes it, `details` are those of its errors. */
export const createLiveness = (close: Observable<unknown>, details: Readonly<Record<string, unknown>>): Liveness => {
  const state = new BehaviorSubject<'open' | 'closed'>('open');
  const wish = new Subject<void>();
  const gone = state.pipe(filter((now) => now === 'closed'));
  let reason = new AtError({ kind: 'link', code: 'closed', message: 'the connection is closed', details });
  const closing = close.pipe(
    ignoreElements(),
    // Refused means closed already: its CLOSED did not arrive.
    catchError((error: unknown) => (isAtError(error) && error.code === 'rejected' ? EMPTY : throwError(() => error))),
  );
  return {
    state: state.asObservable(),
    get open() {
      return state.value === 'open';
    },
    over: (why) => {
      if (state.value === 'closed') return;
      reason = why ?? reason;
      state.next('closed');
      state.complete();
    },
    guard: (source, hasty = false) =>
      new Observable((subscriber) => {
        if (state.value === 'closed') return subscriber.error(reason);
        const fail = (): void => subscriber.error(reason);
        subscriber.add(gone.subscribe({ next: fail, error: fail }));
        if (hasty) subscriber.add(wish.subscribe({ next: fail, error: fail }));
        return source.subscribe(subscriber);
      }),
    close: new Observable<never>((subscriber) => {
      if (state.value === 'closed') return subscriber.complete();
      wish.next();
      return closing.pipe(takeUntil(gone)).subscribe(subscriber);
    }),
  };
};
