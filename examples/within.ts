import { dematerialize, materialize, type Observable, switchMap } from 'rxjs';

/** Works with what a resource emits, and lets go of it when the work is done. */
export const within = <R, T>(resource: Observable<R>, work: (held: R) => Observable<T>): Observable<T> =>
  resource.pipe(
    switchMap((held) => work(held).pipe(materialize())),
    dematerialize(),
  );
