import { defer, map, mergeMap, type Observable, of, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import * as basic from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import { readZone, type Zone } from './zone.js';

/** Which clock is asked. */
export interface TimeConfig {
  /** The zone that AT+CIPSNTPCFG was given: the SNTP time, which is local, is asked. Without it the module's own clock is, which knows no zones. */
  readonly zone?: Zone;
}

/** 2000-01-01: a clock that nobody has set counts from 1970. */
const earliest = 946_684_800_000;

/** `2021-09-02T18:57:03` as ms since 1970, taken for UTC. Numbers only: reading date texts is left to no host. */
const civil = (text: string): number => {
  const [year = 0, month = 1, ...rest] = text.split(/[-T:]/).map(Number);
  return Date.UTC(year, month - 1, ...rest);
};

/**
 * The time by the module's clock, in ms since 1970 UTC (whole seconds). Cold: on subscribe it sends AT+CIPSNTPTIME? where a zone is given, else
 * AT+SYSTIMESTAMP? (2.0 and later), emits once and completes. Unsubscribing lets the answer go unheard. Errors: `module` (clock-unset: the clock still counts
 * from 1970, for SNTP has not answered), `unsupported`, `command`, `decode`, `usage`, `transport`. Document 000 §2.16, §4.16; document 002 AT+CIPSNTPTIME.
 */
export const time = (module: AtModule, { zone }: TimeConfig = {}): Observable<number> =>
  defer(() => {
    const offset = zone === undefined ? undefined : readZone(zone);
    if (offset instanceof AtError) return throwError(() => offset);
    return offset === undefined
      ? module.exec(basic.clockQuery).pipe(map(({ seconds }) => seconds * 1000))
      : module.exec(tcpip.timeQuery).pipe(map((local) => civil(local) - offset.minutes * 60_000));
  }).pipe(
    mergeMap((utc) =>
      utc >= earliest ? of(utc) : throwError(() => new AtError({ kind: 'module', code: 'clock-unset', message: 'the clock of the module was never set', retry: 'safe' })),
    ),
  );
