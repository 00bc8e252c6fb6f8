import type { Observable, Subscription } from 'rxjs';
import type { Board } from './board.js';
import { ByteQueue } from './byteQueue.js';
import { textOf } from './format.js';
import type { RawSink } from './outcome.js';

/** Quiet around `+++`, in milliseconds. */
const guard = 20;

/** Bytes go to a peer in packets until a lone `+++`; how they travel is up to the kind of passage. */
export abstract class RawPhase implements RawSink {
  readonly full = false;
  /** What the passage has to carry, in order. */
  protected readonly outgoing = new ByteQueue();
  private readonly pending = new ByteQueue();
  private quiet: Subscription | undefined;
  private flushing: Subscription | undefined;
  private burst = '';
  private sending = false;
  private stopped = false;

  constructor(protected readonly board: Board, private readonly left: () => void) {}

  take(bytes: Uint8Array): number {
    this.pending.push(bytes.slice());
    this.burst = this.burst.length + bytes.length <= 3 ? this.burst + textOf(bytes) : 'data';
    this.quiet?.unsubscribe();
    this.quiet = this.board.after(guard, () => this.silent());
    const interval = this.board.get('transInterval');
    if (this.pending.length >= this.board.profile.limits.packet || (interval === 0 && !this.mayEscape)) this.flush();
    else this.flushing ??= this.board.after(interval, () => {
      this.flushing = undefined;
      // What may still become the escape waits for its own quiet.
      if (!this.mayEscape) this.flush();
    });
    return bytes.length;
  }

  stop(): void {
    this.stopped = true;
    this.quiet?.unsubscribe();
    this.flushing?.unsubscribe();
    this.board.holdInput(false);
  }

  /** Carries what stands in `outgoing`, as far as it can now. */
  protected abstract deliver(): void;

  /** The receive buffer is full while the peer takes nothing: the line is held, or overruns. */
  protected guardInput(): void {
    if (!this.stopped) this.board.holdInput(this.outgoing.length >= this.board.profile.limits.uart);
  }

  /** Gives the next packet to `write`, which emits when there may be another; one at a time. */
  protected forward(write: (bytes: Uint8Array) => Observable<unknown>): void {
    if (this.sending || this.outgoing.length === 0) return;
    this.sending = true;
    this.board.follow(write(this.outgoing.take(this.board.profile.limits.packet)), () => {
      this.board.after(0, () => {
        this.sending = false;
        this.deliver();
      });
    });
  }

  /** The burst so far is one to three plus signs. */
  private get mayEscape(): boolean {
    return this.burst !== '' && '+++'.startsWith(this.burst);
  }

  /** 20 ms without a byte: the escape, or the end of a burst. */
  private silent(): void {
    if (this.board.receiving()) {
      this.quiet = this.board.after(1, () => this.silent());
      return;
    }
    const escape = this.burst === '+++';
    this.burst = '';
    if (escape) {
      const data = this.pending.take(this.pending.length - 3);
      this.pending.clear();
      this.outgoing.push(data);
      this.deliver();
      this.stop();
      this.left();
    } else if (!this.flushing) this.flush();
  }

  private flush(): void {
    this.flushing?.unsubscribe();
    this.flushing = undefined;
    this.outgoing.push(this.pending.take(this.pending.length));
    this.deliver();
  }
}
