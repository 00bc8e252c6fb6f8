import { catchError, concat, defer, EMPTY, filter, ignoreElements, merge, mergeMap, Observable, Subject, Subscription, takeUntil, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';

type Runs = Pick<AtModule, 'exec'>;

export interface Provisioning<A> {
  /** Runs before, as an ordinary command. */
  readonly prepare: () => Observable<unknown>;
  readonly start: () => Observable<unknown>;
  /** From before the start on; completes when the module has what it needs. */
  readonly progress: () => Observable<A>;
  /** Sent whatever happened, also when nobody listens any more. */
  readonly stop: (alone: Runs) => Observable<unknown>;
  /** After the stop, only where `progress` completed. */
  readonly conclude?: (alone: Runs) => Observable<A>;
}

const reset = ({ events }: AtModule): Observable<never> =>
  events.pipe(
    filter(({ name }) => name === 'ready'),
    mergeMap(() => throwError(() => new AtError({ kind: 'module', code: 'reset', message: 'the module restarted while it was being provisioned', retry: 'safe' }))),
  );

/** What the stop itself is refused costs nothing; a lost module does. */
const attempted = (stop: Observable<unknown>): Observable<never> =>
  stop.pipe(
    ignoreElements(),
    catchError((error: unknown) => (isAtError(error, 'command') ? EMPTY : throwError(() => error))),
  );

/**
 * What SmartConfig and WPS have in common: from the start to the stop the line belongs to them, because the module takes no other command, and the
 * stop is sent whatever happens. Unsubscribing leaves the rest to go on in the background; before the start nothing more is sent.
 */
export const provisioned = <A>(module: AtModule, { prepare, start, progress, stop, conclude }: Provisioning<A>): Observable<A> =>
  new Observable<A>((subscriber) => {
    const left = new Subject<void>();
    const found = new Subject<void>();
    const listening = new Subscription();
    let over = false;
    const next = (value: A): void => subscriber.next(value);
    const error = (cause: unknown): void => subscriber.error(cause);
    const listen = defer(() => {
      listening.add(
        progress().subscribe({
          next,
          error,
          complete: () => {
            over = true;
            found.next();
          },
        }),
      );
      return EMPTY;
    });
    // A start that was refused, or got no answer, may still be in force: a former host's, or its own.
    const started = defer(start).pipe(
      ignoreElements(),
      catchError((cause: unknown) => concat(isAtError(cause, 'command') ? attempted(stop(module)) : EMPTY, throwError(() => cause))),
    );
    const waited = (leaving: Observable<void>): Observable<never> => (over || subscriber.closed ? EMPTY : reset(module).pipe(takeUntil(merge(left, found, leaving))));
    const held = module.line.alone((alone) =>
      concat(
        waited(alone.leaving),
        defer(() => attempted(stop(alone))),
        defer(() => (over && !subscriber.closed ? (conclude?.(alone) ?? EMPTY) : EMPTY)),
      ),
    );
    // Not tied to the subscriber: what was started is stopped whoever listens.
    concat(
      defer(prepare).pipe(ignoreElements(), takeUntil(left)),
      defer(() => (subscriber.closed ? EMPTY : concat(listen, started, held))),
    ).subscribe({ next, error, complete: () => subscriber.complete() });
    return () => {
      listening.unsubscribe();
      left.next();
    };
  });
