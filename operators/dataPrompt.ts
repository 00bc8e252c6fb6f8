import { type MonoTypeOperatorFunction, Observable, type Observer } from 'rxjs';
import { AtError } from './atError.js';
import type { ByteSource } from './byteSource.js';
import { checkNumber } from './checkNumber.js';
import type { AfterPrompt, Frame, FramerInstruction } from './frame.js';
import { runInner } from './runInner.js';
import { writePayload } from './writePayload.js';

/** What is written at the prompt, and how. */
export interface DataPromptConfig {
  /** What to write at the prompt. A `ByteSource` is not read before. */
  readonly data: Uint8Array | ByteSource;
  /** How many bytes the module has been told to expect, 0 or more. Default: the length of the bytes; required for a `ByteSource`, where the rest stays unread. */
  readonly length?: number;
  /** Cold; writes and completes, one at a time (the connection's `write`). */
  readonly write: (bytes: Uint8Array) => Observable<never>;
  /** The framer's instructions (`frames`). */
  readonly control: Pick<Observer<FramerInstruction>, 'next'>;
  /** What follows the prompt on the line. Default `lines`. */
  readonly then?: AfterPrompt;
  /** Longest single write in bytes, 1 or more. Default 2048. */
  readonly chunk?: number;
}

const usage = (code: string, message: string, details: Readonly<Record<string, unknown>>): AtError =>
  new AtError({ kind: 'usage', code, message, details });

const wrongConfig = ({ data, length, chunk }: DataPromptConfig): AtError | undefined => {
  const wrong = checkNumber('chunk', chunk, 1) ?? checkNumber('length', length, 0, 0x7fffffff);
  if (wrong) return wrong;
  const own = data instanceof Uint8Array ? data.length : undefined;
  if (length === undefined && own === undefined) return usage('length', 'a byte source needs a length', {});
  if (length !== undefined && own !== undefined && length !== own)
    return usage('length', `${own} bytes given, ${length} announced`, { length, given: own });
  return undefined;
};

/**
 * The `>` prompt as an operator over frames: writes exactly `length` bytes when the prompt comes, and passes every other frame on (events, `Recv`,
 * `SEND OK`, a second prompt). The prompt itself is consumed.
 *
 * Hot or cold as its source, subscribed once and first; then the prompt is armed through `control`. Completes with the source. Unsubscribing before the prompt
 * (and a source that ends before it) disarms; after it the payload stops behind the piece being written, and what is written is not recalled:
 * the module still waits for the rest.
 *
 * Errors: `usage`/`length` on subscribe, before anything is armed, where the length is missing or not that of the bytes. After the prompt, `details` says
 * how many bytes were `written` and are still `owed` to the module, so that the caller can fill: `usage`/`length` where the source ends early (or hands over
 * more than was asked for: cut, `owed` 0), `send`/`source` where it fails. Errors of `write` and of the frames pass as they are.
 */
export const dataPrompt =
  (config: DataPromptConfig): MonoTypeOperatorFunction<Frame> =>
  (source) =>
    new Observable<Frame>((out) => {
      const wrong = wrongConfig(config);
      if (wrong) return out.error(wrong);
      let waiting = true;
      let armed = false;
      // Runs however it ends: an armed `>` that nobody waits for would swallow one that is text.
      out.add(() => {
        if (armed && waiting) config.control.next({ do: 'disarm' });
      });
      const take = (frame: Frame): void => {
        if (frame.kind !== 'prompt' || !waiting) return out.next(frame);
        waiting = false;
        writePayload(out, config);
      };
      runInner(
        out,
        () => source,
        take,
        () => out.complete(),
      );
      if (out.closed || !waiting) return;
      armed = true;
      config.control.next({ do: 'arm', then: config.then ?? 'lines' });
    });
