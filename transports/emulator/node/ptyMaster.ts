import { closeSync, constants, openSync, readSync, writeSync } from 'node:fs';
import type { SchedulerLike, Subscription } from 'rxjs';
import { codeOf } from './nodeFailure.js';
import type { OpenedPty } from './ptyBinding.js';

export interface PtyMasterEvents {
  /** A host has the slave open, or none any more. */
  present(on: boolean): void;
  /** Bytes of a host; the next ones are read after `done`. */
  data(bytes: Uint8Array, done: () => void): void;
  /** The kernel takes no more for now, or all was taken. */
  full(on: boolean): void;
}

// Node cannot wait on a pty's master without closing it when a host hangs up, so it is looked at: often while there is traffic.
const busyInterval = 1;
const idleInterval = 4;
const absentInterval = 20;
const busyFor = 200;
// Reads in one go: a host that writes without end must not stop everything else.
const turns = 32;

/** The master side of a pty, which outlives the hosts that open and close the slave. */
export class PtyMaster {
  private readonly scratch = new Uint8Array(65_536);
  private readonly waiting: Uint8Array[] = [];
  private timer: Subscription | undefined;
  private busyUntil = 0;
  private here = false;
  private giving = false;
  private closed = false;

  constructor(
    private readonly opened: OpenedPty,
    private readonly scheduler: SchedulerLike,
    private readonly events: PtyMasterEvents,
  ) {
    this.look();
  }

  /** Bytes that the kernel has not taken. */
  get backlog(): number {
    return this.waiting.reduce((sum, { length }) => sum + length, 0);
  }

  write(bytes: Uint8Array): void {
    if (this.closed) return;
    this.waiting.push(bytes);
    if (this.waiting.length === 1) this.flush();
  }

  /** Stops; the descriptor stays open. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.timer?.unsubscribe();
  }

  private look(): void {
    this.timer = undefined;
    if (this.closed) return;
    if (this.waiting.length > 0) this.flush();
    this.read();
    this.again();
  }

  private again(): void {
    if (this.timer !== undefined || this.closed) return;
    const pause = !this.here ? absentInterval : this.scheduler.now() < this.busyUntil ? busyInterval : idleInterval;
    this.timer = this.scheduler.schedule(() => {
      this.look();
    }, pause);
  }

  private read(): void {
    for (let turn = 0; turn < turns && !this.giving && !this.closed; turn += 1) {
      let count: number;
      try {
        count = readSync(this.opened.master, this.scratch, 0, this.scratch.length, null);
      } catch (error) {
        // EIO: no host has the slave open. EAGAIN: one has, and says nothing.
        this.setPresent(codeOf(error) === 'EAGAIN');
        return;
      }
      // macOS reports the hang-up as an end of file.
      if (count === 0) {
        this.setPresent(false);
        return;
      }
      this.setPresent(true);
      this.busy();
      this.giving = true;
      this.events.data(this.scratch.slice(0, count), () => {
        this.giving = false;
      });
    }
  }

  private flush(): void {
    for (let bytes = this.waiting[0]; bytes !== undefined && !this.closed; bytes = this.waiting[0]) {
      const count = this.push(bytes);
      this.busy();
      if (count < bytes.length) {
        this.waiting[0] = bytes.subarray(count);
        this.events.full(true);
        return;
      }
      this.waiting.shift();
    }
    this.events.full(false);
  }

  private push(bytes: Uint8Array): number {
    try {
      return writeSync(this.opened.master, bytes);
    } catch {
      // EAGAIN, until the host reads; a hang-up is seen by the next read.
      return 0;
    }
  }

  private setPresent(on: boolean): void {
    if (on === this.here) return;
    this.here = on;
    if (!on) {
      this.waiting.length = 0;
      this.drain();
    }
    this.events.present(on);
  }

  // What a host did not read stays in the kernel and would greet the next one; a serial port would have lost it.
  private drain(): void {
    try {
      const slave = openSync(this.opened.pty, constants.O_RDWR | constants.O_NOCTTY | constants.O_NONBLOCK);
      try {
        while (readSync(slave, this.scratch, 0, this.scratch.length, null) > 0);
      } finally {
        closeSync(slave);
      }
    } catch {
      // EAGAIN: it is empty.
    }
  }

  private busy(): void {
    this.busyUntil = this.scheduler.now() + busyFor;
  }
}
