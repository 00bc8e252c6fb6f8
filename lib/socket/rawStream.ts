import { concat, defer, EMPTY, finalize, mergeMap, Observable, ReplaySubject, take, tap } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { AtEvent, RawLine } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import type { LineAlone } from '../module/moduleLine.js';
import { createRawDuplex, type RawDuplex } from './rawDuplex.js';
import type { Duplex } from './socket.js';

/** How a raw stream begins and ends. */
export interface RawStreamConfig {
  /** Most bytes held unread. */
  readonly limit: number;
  /** Ordinary commands before the line is taken; none that have not begun once `unwanted`. */
  readonly before?: (unwanted: () => boolean) => Observable<unknown>;
  /** What came before the raw line, as the event that carried it. */
  readonly early?: (event: AtEvent) => Uint8Array | undefined;
  /** What else came before it, told when the raw line begins. */
  readonly kept?: () => readonly Uint8Array[];
  /** With the line to itself: everything there and back; `through` has the raw line. Once `unwanted` it only goes back. */
  readonly run: (alone: LineAlone, unwanted: () => boolean, through: (line: RawLine) => Observable<never>) => Observable<never>;
  /** Unsubscribed before it was over; `done` completes when it is. */
  readonly abandoned?: (done: Observable<never>) => void;
}

interface Carrier {
  readonly limit: number;
  /** What came before the raw stream. */
  readonly early: readonly Uint8Array[];
  /** Somebody wants to leave. */
  readonly wish: Observable<void>;
  /** Leaves; completes when everything is closed. */
  readonly end: Observable<never>;
  readonly emit: (raw: RawDuplex) => void;
  readonly overflow: (error: AtError) => void;
}

/** One duplex over a raw line, until that was left. */
const carried = (line: RawLine, { limit, early, wish, end, emit, overflow }: Carrier): Observable<never> =>
  new Observable<never>((subscriber) => {
    const raw = createRawDuplex({ line, limit, early, end, overflow });
    const error = (cause: unknown): void => subscriber.error(cause);
    // Whatever ends it: readers do not wait for ever.
    subscriber.add(() => raw.over(new AtError({ kind: 'link', code: 'closed', message: 'the raw stream is over' })));
    subscriber.add(
      raw.received.pipe(tap({ error: (cause: unknown) => raw.over(isAtError(cause) ? cause : undefined), complete: () => raw.over() })).subscribe({
        error,
        complete: () => subscriber.complete(),
      }),
    );
    const leave = wish.pipe(
      take(1),
      mergeMap(() => {
        raw.leaving();
        return line.leave();
      }),
    );
    subscriber.add(leave.subscribe({ error }));
    emit(raw);
  });

/**
 * A raw stream through a module. Cold: on subscribe it runs `before`, takes the line to itself and runs `run`; emits one `Duplex` at the raw line; completes when `run` does.
 * Unsubscribing, the duplex's `end()` and the closing of the module leave the raw line and let `run` go back; on unsubscribe in the background.
 */
export const rawStream = (module: AtModule, { limit, before, early: earlier, kept, run, abandoned }: RawStreamConfig): Observable<Duplex> =>
  new Observable<Duplex>((subscriber) => {
    const wish = new ReplaySubject<void>(1);
    const done = new ReplaySubject<never>(1);
    let quitting = false;
    let finished = false;
    const unwanted = (): boolean => quitting;
    const leave = (): void => {
      quitting = true;
      wish.next();
    };
    const finish = (): void => {
      finished = true;
      done.complete();
    };
    const end = defer(() => {
      leave();
      return done;
    });
    let open: RawDuplex | undefined;
    const error = (cause: unknown): void => {
      // Before it is taken down: readers get the reason.
      open?.over(isAtError(cause) ? cause : undefined);
      subscriber.error(cause);
    };
    const emit = (raw: RawDuplex): void => {
      open = raw;
      subscriber.next(raw.duplex);
    };
    const early: Uint8Array[] = [];
    const carrier = { limit, wish, end, emit, overflow: error };
    const work = defer(() =>
      module.line.alone((alone) => {
        const listening = alone.leaving.subscribe({ next: leave, error: leave });
        const note = (event: AtEvent): void => {
          const bytes = earlier?.(event);
          if (bytes !== undefined) early.push(bytes);
        };
        listening.add(module.events.subscribe({ next: note, error: leave }));
        return run(alone, unwanted, (line) => carried(line, { ...carrier, early: [...(kept?.() ?? []), ...early] })).pipe(finalize(() => listening.unsubscribe()));
      }),
    );
    // Not tied to the subscriber: what was begun is undone whoever listens.
    concat(defer(() => before?.(unwanted) ?? EMPTY), defer(() => (quitting ? EMPTY : work)))
      .pipe(finalize(finish))
      .subscribe({ error, complete: () => subscriber.complete() });
    return () => {
      leave();
      if (!finished) abandoned?.(done);
    };
  });
