import type { SchedulerLike } from 'rxjs';

/** One direction of the air, shared by all links: bytes go out one after the other at a rate. */
export class Medium {
  private freeAt = 0;

  constructor(
    private readonly scheduler: SchedulerLike,
    private readonly bytesPerSecond: number,
  ) {}

  /** Sends `bytes` behind what is being sent; returns in how many milliseconds the last of them is out. */
  pass(bytes: number): number {
    const now = this.scheduler.now();
    this.freeAt = Math.max(this.freeAt, now) + (bytes * 1000) / this.bytesPerSecond;
    return this.freeAt - now;
  }
}
