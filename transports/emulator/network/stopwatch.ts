import type { SchedulerLike } from 'rxjs';

/** Adds up the milliseconds for which something held. */
export class Stopwatch {
  private sum = 0;
  private since: number | undefined;

  constructor(private readonly scheduler: SchedulerLike) {}

  get running(): boolean {
    return this.since !== undefined;
  }

  /** Milliseconds up to now. */
  get total(): number {
    return this.sum + (this.since === undefined ? 0 : this.scheduler.now() - this.since);
  }

  /** Starts or stops it; nothing where it runs or stands already. */
  run(on: boolean): void {
    if (on === this.running) return;
    this.sum = this.total;
    this.since = on ? this.scheduler.now() : undefined;
  }
}
