import { Observable } from 'rxjs';
import { AtError } from './atError.js';
import type { ByteSource } from './byteSource.js';
import { checkNumber } from './checkNumber.js';
import { createReader } from './reader.js';
import { runInner } from './runInner.js';
import { trampoline } from './trampoline.js';

/** How much is read at once, and on whose demand. */
export interface PulledConfig {
  /**
   * Grants credits, in bytes (whole numbers from 0; `Infinity` lifts the limit). They add up. It must not depend on batched output of the
   * result (`bufferCount` …): the batch would wait for the credit and the credit for the batch.
   */
  readonly demand: Observable<number>;
  /** The most a read asks for, in bytes (1 or more). Default: the whole credit. */
  readonly chunk?: number;
}

/**
 * Demand by credit: reads no more than the notifier has granted and never emits more. A chunk longer than asked for (a datagram) is held whole until the
 * credit covers it.
 *
 * Cold. On subscribe the notifier is subscribed; without credit nothing is read. Completes at the end of the source, or when the notifier
 * has completed and its credit is used up (the source is not at its end then: read on from it). Unsubscribing ends the notifier and the read. Errors of both
 * pass as they are; `usage` where a grant is no byte count (`demand`) or the notifier completes while a held chunk is not covered (`credit`).
 */
export const pulled =
  (config: PulledConfig) =>
  (source: ByteSource): Observable<Uint8Array> =>
    new Observable<Uint8Array>((out) => {
      const wrong = checkNumber('chunk', config.chunk, 1);
      if (wrong) return out.error(wrong);
      let credit = 0;
      let granted = false;
      let held: Uint8Array | undefined;

      const emitHeld = (chunk: Uint8Array): void => {
        if (chunk.length <= credit) {
          held = undefined;
          credit -= chunk.length;
          out.next(chunk);
          run();
        } else if (granted) {
          const details = { held: chunk.length, credit };
          out.error(new AtError({ kind: 'usage', code: 'credit', message: 'the credit ended below a chunk that was read', details }));
        }
      };
      const run = trampoline(() => {
        if (out.closed || reader.reading) return;
        if (held) emitHeld(held);
        else if (reader.ended) out.complete();
        else if (credit > 0) {
          const max = Math.min(credit, config.chunk ?? Infinity);
          reader.read(max === Infinity ? undefined : max);
        } else if (granted) out.complete();
      });
      const reader = createReader(out, source, (chunk) => (held = chunk), run);
      runInner(
        out,
        () => config.demand,
        (bytes) => {
          const bad = checkNumber('demand', bytes, 0);
          if (bad) return out.error(bad);
          credit += bytes;
          run();
        },
        () => {
          granted = true;
          run();
        },
      );
    });
