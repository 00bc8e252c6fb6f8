import type { SchedulerAction, SchedulerLike, Subscription, VirtualTimeScheduler } from 'rxjs';

/** A view of a scheduler that knows which timers were set through it. */
export interface OwnTimers {
  readonly scheduler: SchedulerLike;
  /** Those of them that are still set. */
  readonly left: () => number;
}

/** Tells the timers of one user of a shared virtual time from those of the others, also those that set themselves again. */
export const ownTimers = (shared: VirtualTimeScheduler): OwnTimers => {
  const own = new WeakSet();
  return {
    scheduler: {
      now: () => shared.now(),
      schedule: <T>(work: (this: SchedulerAction<T>, state?: T) => void, delay?: number, state?: T): Subscription => {
        const marked = function (this: SchedulerAction<T>, value?: T): void {
          work.call(this, value);
        };
        own.add(marked);
        return shared.schedule(marked, delay, state);
      },
    },
    // An action keeps its work for the next time, which only its class can name.
    left: () => shared.actions.filter((action) => own.has(Reflect.get(action, 'work') as object)).length,
  };
};
