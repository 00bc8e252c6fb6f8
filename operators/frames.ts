import { Observable, Subject, takeUntil } from 'rxjs';
import type { OperatorFunction } from 'rxjs';
import type { Frame, FramerInstruction, FramerOptions } from './frame.js';
import { FramerMachine } from './framer.js';

/**
 * Turns chunks into frames (see `createFramer`), handing over each frame before the next byte is parsed: an instruction that `control` emits while
 * a frame is being handled acts on the very next byte. The result is as cold as its source.
 *
 * On subscribe it subscribes to `control`, then to the source; instructions emitted synchronously precede the first byte. An instruction also hands
 * out what it makes readable of the bytes already there. Chunks that arrive while a frame is handed over wait behind it.
 * Completes when the source does: a count still open is given up first (a `broken` frame, then its bytes as text); a half line, being
 * no line, comes as one `noise` frame with its length. The completion of `control` changes nothing.
 * Errors with whatever the source, `control` or `interim` errors with, after the frames that were complete by then.
 * Unsubscribing stops at once, within the frame being handled, and leaves both inputs.
 */
export function frames(options: FramerOptions, control?: Observable<FramerInstruction>): OperatorFunction<Uint8Array, Frame> {
  return (source) => new Observable<Frame>((subscriber) => {
    const machine = new FramerMachine(options);
    // Ends synchronous inputs too, which a subscription not yet returned to us could not.
    const stop = new Subject<void>();
    subscriber.add(() => { stop.next(); });
    let draining = false;
    let finish: (() => void) | undefined;

    const drain = (): void => {
      if (draining) return;
      draining = true;
      try {
        while (!subscriber.closed) {
          const frame = machine.next();
          if (frame === undefined) break;
          subscriber.next(frame);
        }
      } catch (error) {
        subscriber.error(error);
      }
      draining = false;
      if (finish !== undefined && !subscriber.closed) finish();
    };

    const end = (): void => {
      finish = undefined;
      while (machine.open !== undefined && !subscriber.closed) {
        machine.instruct({ do: 'abandon' });
        drain();
      }
      draining = true;
      if (machine.rest > 0) subscriber.next({ kind: 'noise', bytes: machine.rest });
      subscriber.complete();
    };

    const settle = (how: () => void): void => {
      finish ??= how;
      drain();
    };

    control?.pipe(takeUntil(stop)).subscribe({
      next: (instruction) => {
        machine.instruct(instruction);
        drain();
      },
      error: (error: unknown) => { settle(() => { subscriber.error(error); }); },
    });
    if (subscriber.closed) return;
    source.pipe(takeUntil(stop)).subscribe({
      next: (chunk) => {
        machine.feed(chunk);
        drain();
      },
      error: (error: unknown) => { settle(() => { subscriber.error(error); }); },
      complete: () => { settle(end); },
    });
  });
}
