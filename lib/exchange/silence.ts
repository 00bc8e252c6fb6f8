import type { SchedulerLike, Subscription } from 'rxjs';

/** A clock that rings after a time without activity. Touching it is cheap: the timer looks at the last touch when it fires. */
export interface Silence {
  start(ms: number, ring: () => void): void;
  touch(): void;
  /** Touches a running clock, starts a stopped one. */
  touchOrStart(ms: number, ring: () => void): void;
  stop(): void;
  /** While it is on, a running clock does not ring; then it begins anew. */
  suspend(on: boolean): void;
  readonly running: boolean;
}

/** Hosts fire a timer of more than 2^31 - 1 ms at once. */
const longest = 0x7fffffff;

/** A stopped clock on the given scheduler. */
export const createSilence = (scheduler: SchedulerLike): Silence => {
  let timer: Subscription | undefined;
  let touched = 0;
  let suspended = false;
  const stop = (): void => {
    timer?.unsubscribe();
    timer = undefined;
  };
  const arm = (delay: number, ms: number, ring: () => void): void => {
    timer = scheduler.schedule(
      () => {
        const left = suspended ? ms : touched + ms - scheduler.now();
        if (left > 0) arm(left, ms, ring);
        else {
          timer = undefined;
          ring();
        }
      },
      Math.min(delay, longest),
    );
  };
  const start = (ms: number, ring: () => void): void => {
    stop();
    touched = scheduler.now();
    arm(ms, ms, ring);
  };
  return {
    start,
    touchOrStart: (ms, ring) => {
      touched = scheduler.now();
      if (timer === undefined) arm(ms, ms, ring);
    },
    touch: () => {
      touched = scheduler.now();
    },
    stop,
    suspend: (on) => {
      suspended = on;
      touched = scheduler.now();
    },
    get running() {
      return timer !== undefined;
    },
  };
};
