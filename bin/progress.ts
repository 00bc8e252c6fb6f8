import { Presets, SingleBar } from 'cli-progress';
import { finalize, type MonoTypeOperatorFunction, Observable } from 'rxjs';
import type { Io } from './io.js';

/** How far something is. */
export interface Progress {
  /** To so much of the total. */
  update(value: number): void;
  stop(): void;
}

const drawn = ({ stderr }: Io, format: string, total = 1): Progress => {
  if (stderr.isTTY !== true) return { update: () => undefined, stop: () => undefined };
  const bar = new SingleBar({ format, stream: stderr, clearOnComplete: true, hideCursor: null, gracefulExit: false }, Presets.shades_classic);
  bar.start(total, 0);
  return { update: (value) => bar.update(value), stop: () => bar.stop() };
};

/** A bar (or, without a total, a running clock) on standard error: only on a terminal, and gone when it stops. */
export const progress = (io: Io, what: string, total?: number): Progress =>
  drawn(io, total === undefined ? `${what} … {duration_formatted}` : `${what} {bar} {percentage} %`, total);

/** The same for bytes that come, with their number. */
export const transfer = (io: Io, what: string, total?: number): Progress =>
  drawn(io, total === undefined ? `${what} … {value} bytes` : `${what} {bar} {value} of {total} bytes`, total);

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
