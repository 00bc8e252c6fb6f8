import { Subscription, type SchedulerLike } from 'rxjs';

/** Timers that end together: those of one boot of the module, or of one piece of it. All time of the emulator goes through here. */
export class Life {
  private timers = new Subscription();

  constructor(private readonly scheduler: SchedulerLike) {}

  /** Milliseconds on the scheduler's clock. */
  now(): number {
    return this.scheduler.now();
  }

  /** Runs once after `ms`, never in the caller's stack; unsubscribing calls it off. */
  after(ms: number, run: () => void): Subscription {
    const { timers } = this;
    const timer = this.scheduler.schedule(() => {
      timers.remove(timer);
      timer.unsubscribe();
      if (!timers.closed) run();
    }, ms);
    timers.add(timer);
    return timer;
  }

  /** Ties a subscription to this life. */
  add(subscription: Subscription): Subscription {
    this.timers.add(subscription);
    return subscription;
  }

  /** Ends all that is tied to this life; the next begins. */
  renew(): void {
    this.timers.unsubscribe();
    this.timers = new Subscription();
  }
}
