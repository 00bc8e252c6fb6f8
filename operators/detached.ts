import { Observable } from 'rxjs';

/** The source, which runs to its end whoever listens: unsubscribing only stops to listen. For what must not be left half done. Cold. */
export const detached = <T>(source: Observable<T>): Observable<T> =>
  new Observable<T>((subscriber) => {
    source.subscribe({ next: (value) => subscriber.next(value), error: (error: unknown) => subscriber.error(error), complete: () => subscriber.complete() });
  });
