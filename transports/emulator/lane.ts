import type { SchedulerLike, Subscription } from 'rxjs';
import { ByteQueue } from './byteQueue.js';

/** What a lane needs to know. */
export interface LaneOptions {
  readonly scheduler: SchedulerLike;
  /** Bits per second now; undefined: no pacing. */
  readonly rate: () => number | undefined;
  /** The size of the next chunk, at least 1, given what waits. */
  readonly cut: (available: number) => number;
  /** Keep the boundaries of `push`: a chunk never holds bytes of two pushes. */
  readonly apart: () => boolean;
  readonly deliver: (bytes: Uint8Array) => void;
}

/** One direction of the serial line: a queue that gives its bytes out in chunks, at 10 bits a byte where the line has a rate. */
export class Lane {
  private readonly queue = new ByteQueue();
  private timer: Subscription | undefined;
  private freeAt = 0;
  private paused = false;
  private waiting: { limit: number; run: () => void }[] = [];

  constructor(private readonly options: LaneOptions) {}

  /** Bytes not yet delivered. */
  get length(): number {
    return this.queue.length;
  }

  /** A byte is on the wire now. */
  get active(): boolean {
    return this.timer !== undefined && this.options.rate() !== undefined;
  }

  push(bytes: Uint8Array): void {
    this.queue.push(bytes);
    this.pump();
  }

  /** Stops and resumes delivery: flow control. */
  pause(on: boolean): void {
    this.paused = on;
    if (on) {
      this.timer?.unsubscribe();
      this.timer = undefined;
    } else this.pump();
  }

  /** Runs once when at most `limit` bytes wait; at once if so already. */
  whenAtMost(limit: number, run: () => void): void {
    if (this.queue.length <= limit) run();
    else this.waiting.push({ limit, run });
  }

  clear(): void {
    this.queue.clear();
    this.timer?.unsubscribe();
    this.timer = undefined;
    this.wake();
  }

  private pump(): void {
    if (this.timer || this.paused || this.queue.length === 0) return;
    const { scheduler, rate, cut } = this.options;
    const size = Math.max(1, Math.min(this.queue.length, cut(this.queue.length)));
    const bits = rate();
    const now = scheduler.now();
    // A start bit, eight data bits and a stop bit; time lost by a coarse host timer is made up by counting from when the line was free.
    this.freeAt = Math.max(now, this.freeAt) + (bits === undefined ? 0 : (size * 10_000) / bits);
    this.timer = scheduler.schedule(() => {
      this.timer = undefined;
      const apart = this.options.apart();
      // Without pacing the bytes of the same tick go together: a chunk is what the queue holds when the tick comes.
      const count = bits === undefined ? Math.max(1, Math.min(this.queue.length, cut(this.queue.length))) : size;
      const bytes = this.queue.take(count, !apart);
      if (bytes.length > 0) this.options.deliver(bytes);
      this.wake();
      this.pump();
    }, Math.max(0, this.freeAt - now));
  }

  private wake(): void {
    const ready = this.waiting.filter(({ limit }) => this.queue.length <= limit);
    this.waiting = this.waiting.filter(({ limit }) => this.queue.length > limit);
    for (const { run } of ready) run();
  }
}
