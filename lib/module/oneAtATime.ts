import { defer, mergeMap, Observable, Subject, take, throwError } from 'rxjs';
import type { AtError } from '../../operators/atError.js';
import type { AtModule } from './atModule.js';

interface Holder {
  /** Left, and not done in the background yet. */
  leaving: boolean;
  readonly freed: Subject<void>;
}

/**
 * Lets one subscription at a time do something with a module: another one meanwhile errors, and one that comes while the last is still putting things in order
 * waits for its `free()`, which every work must call in the end. Cold.
 */
export const oneAtATime = (refused: () => AtError): (<T>(module: AtModule, work: (free: () => void) => Observable<T>) => Observable<T>) => {
  const holders = new WeakMap<AtModule, Holder>();
  const enter = <T>(module: AtModule, work: (free: () => void) => Observable<T>): Observable<T> =>
    defer(() => {
      const other = holders.get(module);
      if (other?.leaving === true) return other.freed.pipe(take(1), mergeMap(() => enter(module, work)));
      if (other !== undefined) return throwError(refused);
      return new Observable<T>((subscriber) => {
        const holder: Holder = { leaving: false, freed: new Subject<void>() };
        holders.set(module, holder);
        const free = (): void => {
          if (holders.get(module) === holder) holders.delete(module);
          holder.freed.next();
        };
        subscriber.add(() => (holder.leaving = true));
        subscriber.add(work(free).subscribe(subscriber));
      });
    });
  return enter;
};
