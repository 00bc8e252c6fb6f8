import { defer, mergeMap, Observable, Subject, take } from 'rxjs';
import type { AtModule } from '../module/atModule.js';

/** What the module as a central does one at a time. */
export interface ClientState {
  /** A scan is on. */
  scanning: boolean;
  /** Connections that are being made or ended. */
  changing: number;
  readonly settled: Subject<void>;
}

const states = new WeakMap<AtModule, ClientState>();

export const clientState = (module: AtModule): ClientState => {
  const found = states.get(module) ?? { scanning: false, changing: 0, settled: new Subject<void>() };
  states.set(module, found);
  return found;
};

/** Runs to its end, whoever listens; a connection is not begun before it has ended. */
export const changing = <T>(module: AtModule, work: Observable<T>): Observable<T> =>
  new Observable<T>((subscriber) => {
    const state = clientState(module);
    const done = (): void => {
      state.changing -= 1;
      state.settled.next();
    };
    state.changing += 1;
    work.subscribe({
      next: (value) => subscriber.next(value),
      error: (error: unknown) => {
        subscriber.error(error);
        done();
      },
      complete: () => {
        subscriber.complete();
        done();
      },
    });
  });

/** `changing` in turn: it begins when no connection is being made or ended. Unsubscribing before does nothing. */
export const inTurn = <T>(module: AtModule, work: Observable<T>): Observable<T> =>
  defer(() => {
    const state = clientState(module);
    if (state.changing === 0) return changing(module, work);
    return state.settled.pipe(take(1), mergeMap(() => inTurn(module, work)));
  });
