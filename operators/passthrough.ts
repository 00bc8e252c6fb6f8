import { asyncScheduler, concat, defer, EMPTY, ignoreElements, Observable, take, takeUntil, timer } from 'rxjs';
import type { Observer, OperatorFunction, SchedulerLike } from 'rxjs';
import type { ByteSource } from './byteSource.js';
import { checkNumber } from './checkNumber.js';
import { createEscapeGuard, type GuardedWrite } from './escapeGuard.js';
import type { Frame, FramerInstruction } from './frame.js';
import { createReader } from './reader.js';
import { runInner } from './runInner.js';
import { trampoline } from './trampoline.js';

/** What goes out and by which way, and the quiet around the escape. */
export interface PassthroughConfig {
  /** What to send. Its end is the wish to leave. */
  readonly outgoing: ByteSource;
  /** Cold; writes and completes, one at a time (the connection's `write`). */
  readonly write: (bytes: Uint8Array) => Observable<never>;
  /** The framer's instructions (`frames`). */
  readonly control: Pick<Observer<FramerInstruction>, 'next'>;
  /** The module's guard time in ms, 1 or more: quiet of that length sets a lone `+++` apart. Default 20. */
  readonly guard?: number;
  /** The quiet that is kept to be surely longer than `guard` on the line, in ms: around the escape, and inside a lone `+++` of user data. Default twice the guard. */
  readonly gap?: number;
  /** When `outgoing` has ended: stay in raw mode, receiving, until this emits or completes. Default: leave at once. */
  readonly leaveAfter?: Observable<unknown>;
  /** Completes when the last byte is on the line (the connection's `drained`); waited for before `+++`, 1 s at most, and inside pluses of the user, as long as it takes. Where it is absent, `write` should complete that late. */
  readonly drained?: () => Observable<never>;
  /** Longest read and write in bytes, 1 or more. Default 2048. */
  readonly chunk?: number;
  /** Clock and timers. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

const DRAIN_LIMIT = 1000;
const escape = (): Uint8Array => Uint8Array.of(0x2b, 0x2b, 0x2b);

/**
 * Raw mode in both directions, guard times kept: emits the bytes of raw frames while `outgoing` is read and written, the next read following the
 * write before it. A lone `+++` of user data, in one chunk or over several, is sent with a pause inside, so that the module takes it for data. Other frames are not
 * emitted: share the source to see them.
 *
 * Hot or cold as its source, subscribed once and first; then `raw` is instructed and the first read starts. When `outgoing` ends: `leaveAfter`, drained, quiet,
 * `+++` in one write, quiet, `lines` is instructed, completes (the module takes a command 1 s later at the earliest). Completes
 * early, without `+++`, when the source does. Unsubscribing stops the reading and instructs nothing: framer and module stay in raw mode, and
 * whoever owns the line leaves it. So it is after an error; those of the source, `outgoing`, `write`, `drained` and `leaveAfter` pass as they are, `usage` on a bad option.
 */
export const passthrough =
  (config: PassthroughConfig): OperatorFunction<Frame, Uint8Array> =>
  (source) =>
    new Observable<Uint8Array>((out) => {
      const { control, write, drained, guard = 20, scheduler = asyncScheduler } = config;
      const { gap = 2 * guard, leaveAfter = EMPTY, chunk = 2048 } = config;
      const wrong = checkNumber('guard', guard, 1) ?? checkNumber('gap', gap, guard + 1) ?? checkNumber('chunk', chunk, 1);
      if (wrong) return out.error(wrong);

      const lone = createEscapeGuard();
      let writes: GuardedWrite[] = [];

      const pause = timer(gap, scheduler).pipe(ignoreElements());
      /** Of user data: what a held line does not take yet would swallow the pause. */
      const apart = defer(() => concat(drained?.() ?? EMPTY, pause));
      const quiet = defer(() => concat(drained?.().pipe(takeUntil(timer(DRAIN_LIMIT, scheduler))) ?? EMPTY, pause));
      const leave = (): void => {
        const stay = leaveAfter.pipe(take(1), ignoreElements());
        runInner(
          out,
          () => concat(stay, quiet, defer(() => write(escape())), quiet),
          () => undefined,
          () => {
            control.next({ do: 'lines' });
            out.complete();
          },
        );
      };
      const send = (next: GuardedWrite): void => {
        runInner(
          out,
          () => concat(next.apart ? apart : EMPTY, defer(() => write(next.bytes))),
          () => undefined,
          () => {
            lone.wrote(next);
            run();
          },
        );
      };
      // Asked for only when a read or a write has ended: one thing at a time.
      const run = trampoline(() => {
        const next = writes.shift();
        if (next) send(next);
        else if (reader.ended) leave();
        else reader.read(chunk);
      });
      const reader = createReader(out, config.outgoing, (bytes) => (writes = [...lone.plan(bytes)]), run);
      runInner(
        out,
        () => source,
        (frame) => {
          if (frame.kind === 'raw') out.next(frame.bytes);
        },
        () => out.complete(),
      );
      if (out.closed) return;
      control.next({ do: 'raw' });
      run();
    });
