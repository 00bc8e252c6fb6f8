import { catchError, concat, concatMap, defer, EMPTY, filter, ignoreElements, merge, type Observable, repeat, take, tap, throwError, timeout, timer } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/** How the module's clock is set before a certificate is judged. */
export interface ClockConfig {
  /** SNTP servers, up to three; default those the module has. */
  readonly servers?: readonly string[];
  /** Hours east of Greenwich. Default 0. */
  readonly timezone?: number;
  /** Longest wait in ms. Default 15000. */
  readonly timeout?: number;
}

/** Time between two looks at the clock, in ms. */
const interval = 500;
/** A clock that was never set says 1970; certificates are younger than this. */
const earliest = 2020;

const unset = (cause: unknown): AtError => new AtError({ kind: 'link', code: 'clock', message: 'the clock of the module could not be set by SNTP', retry: 'safe', cause });

/**
 * Makes sure that the module knows the time: nothing is sent to set it where it does, or where SNTP is on already. Else AT+CIPSNTPCFG, then
 * +TIME_UPDATED (3.0 and later) or a plausible AT+CIPSNTPTIME is awaited. Cold; errors `link`/`clock` after the time-out.
 */
export const setClock = (module: AtModule, { servers = [], timezone = 0, timeout: limit = 15_000 }: ClockConfig): Observable<never> =>
  defer(() => {
    const plausible = defer(() => module.exec(tcpip.timeQuery)).pipe(
      // 2.0 refuses it while SNTP is off.
      catchError((error: unknown) => (isAtError(error) && error.code === 'rejected' ? EMPTY : throwError(() => error))),
      filter((time) => Number(time.slice(0, 4)) >= earliest),
    );
    const [first, second, third] = servers;
    const named = { ...(first === undefined ? {} : { first }), ...(second === undefined ? {} : { second }), ...(third === undefined ? {} : { third }) };
    const on = module.exec(tcpip.sntpQuery).pipe(
      concatMap(({ enable }) => (enable && servers.length === 0 ? EMPTY : module.exec(tcpip.sntp, { enable: true, timezone, ...named }))),
      ignoreElements(),
    );
    const told = module.events.pipe(filter(({ name }) => name === '+TIME_UPDATED'));
    const seen = plausible.pipe(repeat({ delay: () => timer(interval, module.scheduler) }));
    const set = merge(told, concat(on, seen)).pipe(
      take(1),
      timeout({ first: limit, scheduler: module.scheduler, with: () => throwError(() => unset(undefined)) }),
      ignoreElements(),
    );
    let right = false;
    return concat(plausible.pipe(tap(() => (right = true)), ignoreElements()), defer(() => (right ? EMPTY : set)));
  });
