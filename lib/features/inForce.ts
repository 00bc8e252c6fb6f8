import { concat, defer, ignoreElements, type Observable } from 'rxjs';

/** Sets, where there is something to set, then reads what is in force: the module rounds, fills in and clips. */
export const inForce = <A>(read: () => Observable<A>, set?: () => Observable<unknown>): Observable<A> =>
  set === undefined ? defer(read) : concat(defer(set).pipe(ignoreElements()), defer(read));
