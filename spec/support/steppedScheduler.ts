import { VirtualAction, VirtualTimeScheduler } from 'rxjs';

/** Virtual time that is advanced by hand, in milliseconds; endless timers do not matter. */
export class SteppedScheduler extends VirtualTimeScheduler {
  constructor() {
    super(VirtualAction, 0);
  }

  /** Runs everything due within `ms` from now, then stands there. */
  advance(ms: number): void {
    const until = this.frame + ms;
    this.maxFrames = until;
    this.flush();
    this.frame = until;
  }
}
