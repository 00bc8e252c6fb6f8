import { Observable, type SchedulerLike, type Subscription } from 'rxjs';

/** Lets a sender wait while a reader of the same connection is being served. */
export interface Settling {
  /** So many bytes were handed over. */
  fetched(bytes: number): void;
  /** Something that `wanting` depends on has changed. */
  changed(): void;
  /** Completes when nothing is wanted, or as soon as `limit` bytes were fetched since. Cold. */
  settled(limit: number): Observable<never>;
}

/** Follows whether something that was announced is wanted. */
export const createSettling = (scheduler: SchedulerLike, wanting: () => boolean): Settling => {
  const watchers = new Set<() => void>();
  let total = 0;
  return {
    fetched: (bytes) => {
      total += bytes;
    },
    changed: () => {
      for (const look of [...watchers]) look();
    },
    settled: (limit) =>
      new Observable<never>((subscriber) => {
        const enough = total + limit;
        let turn: Subscription | undefined;
        const decide = (): void => {
          turn = undefined;
          if (!wanting() || total >= enough) subscriber.complete();
        };
        if (!wanting()) return subscriber.complete();
        // A reader that has just got its chunk may come back in a promise's time.
        const look = (): void => {
          if (!subscriber.closed) turn ??= scheduler.schedule(decide, 0);
        };
        watchers.add(look);
        return () => {
          watchers.delete(look);
          turn?.unsubscribe();
        };
      }),
  };
};
