import { Observable, type ObservableInput, type OperatorFunction, Subject } from 'rxjs';
import type { ByteSource } from './byteSource.js';
import { checkNumber } from './checkNumber.js';
import { createReader } from './reader.js';
import { runInner } from './runInner.js';
import { trampoline } from './trampoline.js';

/** How much is read at once. */
export interface PullThroughConfig {
  /** The `max` of each read, in bytes (1 or more). Default: as the source likes. */
  readonly chunk?: number;
}

/**
 * Parse and process with demand: chunks go through one persistent subscription to `pipeline` (lines, frames, windows …), its outputs one
 * by one through `sink`. The next read happens only when no output is queued and the sink is idle; a chunk that yields no output is followed by
 * the next read at once, so batching pipelines do not stall. Work that takes time belongs in `sink`: what a pipeline delays is invisible to the demand.
 *
 * Cold. On subscribe the pipeline is subscribed, then the first read starts. Queued at most: what one chunk produced, and what the pipeline's own timers
 * emit while the sink works. The end of the source completes the pipeline's input; its last outputs are sunk, then the result completes. A pipeline that
 * completes early (`take`) ends the reading. Unsubscribing ends read, pipeline and sink together. Errors of any of them pass as they are; a bad option is `usage`.
 */
export const pullThrough =
  <T, R>(
    pipeline: OperatorFunction<Uint8Array, T>,
    sink: (value: T, index: number) => ObservableInput<R>,
    config: PullThroughConfig = {},
  ) =>
  (source: ByteSource): Observable<R> =>
    new Observable<R>((out) => {
      const wrong = checkNumber('chunk', config.chunk, 1);
      if (wrong) return out.error(wrong);
      const input = new Subject<Uint8Array>();
      let outputs: T[] = [];
      let taken = 0;
      let held: Uint8Array | undefined;
      let started = false;
      let piped = false;
      let sinking = false;
      let index = 0;

      const start = (): void => {
        started = true;
        // A pipeline may subscribe late or let go early: bytes are read only while somebody takes them.
        const feed = new Observable<Uint8Array>((subscriber) => {
          input.subscribe(subscriber);
          run();
        });
        runInner(
          out,
          () => pipeline(feed),
          (value) => {
            outputs.push(value);
            run();
          },
          () => {
            piped = true;
            run();
          },
        );
      };
      const sinkNext = (): void => {
        const value = outputs[taken++] as T;
        if (taken === outputs.length) {
          outputs = [];
          taken = 0;
        }
        sinking = true;
        const turn = index++;
        runInner(
          out,
          () => sink(value, turn),
          (result) => out.next(result),
          () => {
            sinking = false;
            run();
          },
        );
      };
      const feedOn = (): void => {
        if (held) {
          const chunk = held;
          held = undefined;
          input.next(chunk);
          run();
        } else if (reader.ended) input.complete();
        else if (!reader.reading && input.observed) reader.read(config.chunk);
      };
      const run = trampoline(() => {
        if (out.closed) return;
        if (!started) start();
        if (sinking) return;
        if (outputs.length > 0) sinkNext();
        else if (piped) out.complete();
        else feedOn();
      });
      // Held, not fed at once: a timer of the pipeline may have started the sink while the read was out.
      const reader = createReader(out, source, (chunk) => (held = chunk), run);
      run();
    });
