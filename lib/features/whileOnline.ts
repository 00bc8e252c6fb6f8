import { asyncScheduler, connect, distinctUntilChanged, endWith, ignoreElements, map, mergeMap, NEVER, type Observable, type ObservableInput, type OperatorFunction, type SchedulerLike, switchMap, takeUntil, throwError, timer } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { StationState } from './station.js';

/** A station that has its address. */
export type Online = Extract<StationState, { state: 'got-ip' }>;

/** How a loss is taken. */
export interface WhileOnlineConfig {
  /** How long the station may be without an address before it counts as lost, in ms; Infinity for ever. Default 30000. */
  readonly patience?: number;
  /** Runs the wait; give it `module.scheduler`. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

const lost = (patience: number): Observable<never> =>
  throwError(() => new AtError({ kind: 'link', code: 'offline', message: `no address for ${String(patience)} ms`, retry: 'safe', details: { patience } }));

/**
 * For the states of `station`: `project` runs while there is an address. It is unsubscribed as soon as the station is disconnected and begins anew with the
 * next address, whether the firmware rejoins by itself or not: where it does not, nothing comes for `patience` ms, the result errors `link`/`offline`
 * (safe to repeat), and `retryBackoff` behind it subscribes to `station` again, which joins. Cold. Completes with the states, once `project` has too.
 * Errors of either pass as they are. Unsubscribing ends both.
 */
export const whileOnline =
  <R>(project: (online: Online) => ObservableInput<R>, { patience = 30_000, scheduler = asyncScheduler }: WhileOnlineConfig = {}): OperatorFunction<StationState, R> =>
  (states) =>
    states.pipe(
      map((state) => (state.state === 'got-ip' ? state : undefined)),
      // An access point that answers and gives no address is no progress: the wait goes on.
      distinctUntilChanged((before, now) => before === undefined && now === undefined),
      connect((turns) => {
        const over = turns.pipe(ignoreElements(), endWith(undefined));
        const waiting = patience === Infinity ? NEVER : timer(patience, scheduler).pipe(mergeMap(() => lost(patience)));
        return turns.pipe(switchMap((online) => (online === undefined ? waiting.pipe(takeUntil(over)) : project(online))));
      }),
    );
