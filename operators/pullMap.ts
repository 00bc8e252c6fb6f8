import { Observable, type ObservableInput } from 'rxjs';
import type { ByteSource } from './byteSource.js';
import { checkNumber } from './checkNumber.js';
import { createReader } from './reader.js';
import { runInner } from './runInner.js';
import { trampoline } from './trampoline.js';

/** How much is read at once, and how far ahead. */
export interface PullMapConfig {
  /** The `max` of each read, in bytes (1 or more). Default: as the source likes. */
  readonly chunk?: number;
  /** How many chunks are read in advance while `project` works, 0 or more. Default 0: the next read waits for the inner one to complete. */
  readonly ahead?: number;
}

/**
 * Demand by completion: reads a chunk, runs `project` over it, and reads the next one when that has completed. For work that needs
 * nothing of the chunk before; parsers and windows belong in `pullThrough`, because a chunk ends anywhere.
 *
 * Cold. On subscribe the first read starts; one read and one inner Observable at a time, in order. Completes when the source has ended and the last
 * inner one completed. Unsubscribing ends the read and the inner one; up to `ahead` chunks already read are dropped. Errors of the source and of
 * `project` (thrown ones too) pass as they are; a bad option is `usage`.
 */
export const pullMap =
  <R>(project: (chunk: Uint8Array, index: number) => ObservableInput<R>, config: PullMapConfig = {}) =>
  (source: ByteSource): Observable<R> =>
    new Observable<R>((out) => {
      const wrong = checkNumber('chunk', config.chunk, 1) ?? checkNumber('ahead', config.ahead, 0, 0x7fffffff);
      if (wrong) return out.error(wrong);
      const room = 1 + (config.ahead ?? 0);
      const queue: Uint8Array[] = [];
      let working = false;
      let index = 0;
      const work = (chunk: Uint8Array): void => {
        working = true;
        const turn = index++;
        runInner(
          out,
          () => project(chunk, turn),
          (value) => out.next(value),
          () => {
            working = false;
            run();
          },
        );
      };
      const run = trampoline(() => {
        if (out.closed) return;
        const chunk = working ? undefined : queue.shift();
        if (chunk) work(chunk);
        if (!reader.ended) {
          if (!reader.reading && queue.length + Number(working) < room) reader.read(config.chunk);
        } else if (!working && queue.length === 0) out.complete();
      });
      const reader = createReader(out, source, (chunk) => queue.push(chunk), run);
      run();
    });
