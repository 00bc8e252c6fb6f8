import { catchError, concat, defer, EMPTY, ignoreElements, type Observable } from 'rxjs';

/** Something that its owner ends in order. */
export interface Belonging {
  /** Ends it in the background; nothing where it has ended or is being ended. */
  leave(): void;
  /** It has ended by itself. */
  forget(): void;
}

/** What is to be ended before the role is switched off. */
export interface Belongings {
  /** `close` runs once at most. */
  add(close: () => Observable<unknown>): Belonging;
  /** Ends everything, in the order in which it came. Cold. */
  closeAll(): Observable<never>;
}

const quietly = (close: () => Observable<unknown>): Observable<never> =>
  defer(close).pipe(
    ignoreElements(),
    catchError(() => EMPTY),
  );

export const createBelongings = (): Belongings => {
  const open = new Set<() => Observable<unknown>>();
  return {
    add: (close) => {
      open.add(close);
      return {
        leave: () => {
          if (open.delete(close)) quietly(close).subscribe({ error: () => undefined });
        },
        forget: () => void open.delete(close),
      };
    },
    closeAll: () =>
      defer(() => {
        const all = [...open];
        open.clear();
        return concat(...all.map(quietly));
      }),
  };
};
