import { Observable, type SchedulerLike, type Subscription } from 'rxjs';

/** How long a reader that has just read may be busy with its chunk before it counts as gone, in ms. */
const attention = 250;

/** Lets a sender wait while a reader of the same connection is being served. */
export interface Settling {
  /** A reader has begun to wait. */
  reading(): void;
  /** So many bytes were handed over. */
  fetched(bytes: number): void;
  /** Something that the state depends on has changed. */
  changed(): void;
  /**
   * Completes when nothing that was announced is wanted, or as soon as `limit` bytes were fetched since. With `patient` a reader that is busy
   * with its last chunk is waited for too. Cold.
   */
  settled(limit: number, patient: boolean): Observable<never>;
}

/** `served`: something is on its way to a reader; `waiting`: something was announced and nobody has asked for it. */
export type Need = 'served' | 'waiting' | 'nothing';

/** Follows whether something that was announced is wanted. */
export const createSettling = (scheduler: SchedulerLike, need: () => Need): Settling => {
  const watchers = new Set<() => void>();
  let total = 0;
  /** A reader was here and is expected again. */
  let attentive = false;
  return {
    reading: () => {
      attentive = true;
    },
    fetched: (bytes) => {
      total += bytes;
    },
    changed: () => {
      for (const look of [...watchers]) look();
    },
    settled: (limit, patient) =>
      new Observable<never>((subscriber) => {
        const enough = total + limit;
        let absence: Subscription | undefined;
        const gone = (): void => {
          attentive = false;
          subscriber.complete();
        };
        const look = (): void => {
          absence?.unsubscribe();
          absence = undefined;
          const now = need();
          if (now === 'served' && total < enough) return;
          if (now === 'waiting' && total < enough && patient && attentive) absence = scheduler.schedule(gone, attention);
          else subscriber.complete();
        };
        watchers.add(look);
        subscriber.add(() => {
          watchers.delete(look);
          absence?.unsubscribe();
        });
        look();
      }),
  };
};
