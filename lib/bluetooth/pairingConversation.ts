import { concat, defer, EMPTY, groupBy, ignoreElements, map, mergeMap, type Observable, type SchedulerLike, switchMap, throwError, timer } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { Secret } from '../codec/index.js';

/** To be read to whoever types it in at the peer; `reveal()` tells it. */
export interface ShowStep {
  readonly step: 'show';
  readonly passkey: Secret;
}

/** The peer shows a passkey of six digits: AT+BLEKEYREPLY, AT+BTKEYREPLY. */
export interface EnterStep {
  readonly step: 'enter';
  /** Six digits. Cold; sends the command, completes when the module took it; unsubscribing does not take it back. Errors: `usage`, `command`. */
  reply(passkey: string): Observable<never>;
}

/** Both show a number: AT+BLECONFREPLY, AT+BTSECCFM. */
export interface CompareStep<N = Secret> {
  readonly step: 'compare';
  readonly number: N;
  /** Whether both numbers are the same. Cold; as that of `EnterStep`. */
  reply(equal: boolean): Observable<never>;
}

/** How it ended. */
export interface ResultStep {
  readonly step: 'result';
  readonly paired: boolean;
  /** Nothing came for as long as the conversation may pause. */
  readonly timedOut?: true;
}

/** How long a conversation may pause. */
export interface PairingOptions {
  /** ms from one step to the next, people included. Default 40000: after 30 s the security manager of either side gives up and says so. */
  readonly patience?: number;
}

/** Bounds what belongs to something that ends. */
export type Guard = <T>(source: Observable<T>) => Observable<T>;

export const patienceOf = ({ patience = 40_000 }: PairingOptions): number => patience;

/** An answer goes out once. */
export const answering = <A>(guard: Guard, send: (answer: A) => Observable<unknown>): ((answer: A) => Observable<never>) => {
  let answered = false;
  return (answer) =>
    defer(() => {
      if (answered) return throwError(() => new AtError({ kind: 'usage', code: 'answered', message: 'this step of the pairing was answered already' }));
      answered = true;
      return guard(send(answer)).pipe(ignoreElements());
    });
};

/** Tells conversations apart, and lets silence become a result. */
export const conversations =
  <S extends { readonly step: string }, K>(keyOf: (step: S) => K, timedOut: (last: S) => S, options: PairingOptions, scheduler: SchedulerLike) =>
  (steps: Observable<S>): Observable<S> =>
    steps.pipe(
      groupBy(keyOf),
      mergeMap((conversation) =>
        conversation.pipe(
          switchMap((step): Observable<S> => {
            const silence = timer(patienceOf(options), scheduler).pipe(map(() => timedOut(step)));
            return concat([step], step.step === 'result' ? EMPTY : silence);
          }),
        ),
      ),
    );
