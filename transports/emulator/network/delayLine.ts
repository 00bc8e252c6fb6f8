import type { SchedulerLike, Subscription } from 'rxjs';

/** Carries items one way in order, each after its delay. One pending action at a time, whatever the number of items under way. */
export class DelayLine<T> {
  private queue: { readonly due: number; item: T }[] = [];
  private head = 0;
  private latest = 0;
  private timer: Subscription | undefined;
  private running = false;

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly deliver: (item: T) => void,
  ) {}

  /** Puts an item on its way; it never overtakes an earlier one. `delay` in milliseconds. */
  put(item: T, delay: number): void {
    this.latest = Math.max(this.latest, this.scheduler.now() + delay);
    this.queue.push({ due: this.latest, item });
    this.arm();
  }

  /** Exchanges the last item under way if it would arrive at the same time as one put now, and `replaces` it. */
  merge(item: T, delay: number, replaces: (last: T) => boolean): boolean {
    const last = this.queue.length > this.head ? this.queue[this.queue.length - 1] : undefined;
    if (last === undefined || last.due < this.scheduler.now() + delay || !replaces(last.item)) return false;
    last.item = item;
    return true;
  }

  /** Everything under way is lost. */
  clear(): void {
    this.queue = [];
    this.head = 0;
    this.timer?.unsubscribe();
    this.timer = undefined;
  }

  private arm(): void {
    const next = this.queue[this.head];
    if (this.timer !== undefined || this.running || next === undefined) return;
    this.timer = this.scheduler.schedule(() => {
      this.run(next.due);
    }, Math.max(0, next.due - this.scheduler.now()));
  }

  // `due` is what the timer was set for: real timers fire a little early, and sums of fractions of a millisecond miss by a rounding error.
  private run(due: number): void {
    this.timer = undefined;
    this.running = true;
    const now = Math.max(due, this.scheduler.now());
    for (let next = this.queue[this.head]; next !== undefined && next.due <= now; next = this.queue[this.head]) {
      this.head += 1;
      this.deliver(next.item);
    }
    this.running = false;
    if (this.head === this.queue.length) {
      this.queue = [];
      this.head = 0;
    } else if (this.head > 1024) {
      this.queue = this.queue.slice(this.head);
      this.head = 0;
    }
    this.arm();
  }
}
