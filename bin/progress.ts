import { Presets, SingleBar } from 'cli-progress';
import { finalize, type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { Io } from './io.js';

/** How far something is. */
export interface Progress {
  /** To so much of the total. */
  update(value: number): void;
  stop(): void;
}

/** A bar (or, without a total, a running clock) on standard error: only on a terminal, and gone when it stops. */
export const progress = ({ stderr }: Io, what: string, total?: number): Progress => {
  if (stderr.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const format = total === undefined ? `${what} … {duration_formatted}` : `${what} {bar} {percentage} %`;
  const bar = new SingleBar({ format, stream: stderr, clearOnComplete: true, hideCursor: null, gracefulExit: false }, Presets.shades_classic);
  bar.start(total ?? 1, 0);
  return { update: (value) => bar.update(value), stop: () => bar.stop() };
};

/** Shows that the source is under way until it emits, ends or is left. */
export const shown = <T>(io: Io, what: string): MonoTypeOperatorFunction<T> => (source) =>
  new Observable<T>((subscriber) => {
    const bar = progress(io, what);
    subscriber.add(bar.stop);
    return source.pipe(finalize(bar.stop)).subscribe({
      next: (value) => {
        bar.stop();
        subscriber.next(value);
      },
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
  });
