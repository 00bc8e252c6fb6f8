import { concat, defer, filter, ignoreElements, merge, mergeMap, type Observable, observeOn, take, throwError, timeout } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { bootRate, followRate } from './restarting.js';

/** From waking up to `ready`, at most, in ms. */
const bootLimit = 15_000;
const longestTimer = 0x7fffffff;

const awake = (module: AtModule, time: number): Observable<never> =>
  module.events.pipe(
    filter(({ name }) => name === 'ready'),
    take(1),
    // Whoever waited for the line learns of the restart before it is free.
    observeOn(module.scheduler),
    timeout({
      first: Math.min(time + bootLimit, longestTimer),
      scheduler: module.scheduler,
      with: () => throwError(() => new AtError({ kind: 'module', code: 'no-answer', message: `the module did not wake up after ${String(time)} ms`, retry: 'safe', details: { time } })),
    }),
    ignoreElements(),
  );

/**
 * Deep sleep for `time` ms (from 1). Cold: on subscribe it sends AT+GSLP, emits nothing and completes when the module has woken up, said `ready` and is
 * set up again; the same `AtModule` goes on, its links are gone. Commands of others wait; those that wait when it wakes up error `module`/`reset`
 * (`retry: 'safe'`). Unsubscribing wakes nobody: the module sleeps on and answers nothing. Errors: `usage`, `command`, `module` (no-answer: not
 * awake 15 s after its time). Document 000 §2.4.
 */
export const deepSleep = (module: AtModule, time: number): Observable<never> =>
  defer(() => bootRate(module)).pipe(
    mergeMap((rate) =>
      concat(
        module.exec(basic.deepSleep, { time }),
        module.line.alone(() => merge(awake(module, time), followRate(module, rate))),
        defer(() => module.exec(basic.probe)),
      ),
    ),
    ignoreElements(),
  );
