import { catchError, concat, defer, EMPTY, filter, ignoreElements, merge, mergeMap, type Observable, shareReplay, switchMap, take, throwError, timeout, timer } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import { restarted } from './restarted.js';
import { time } from './time.js';
import { readZone, type Zone, type ZoneOffset } from './zone.js';

/** Which servers set the clock, and how. */
export interface SntpConfig {
  /** Default 0, which is UTC. Other than whole hours: document 002 only. */
  readonly zone?: Zone;
  /** Up to three names or addresses; default the firmware's (cn.ntp.org.cn, ntp.sjtu.edu.cn, us.pool.ntp.org). */
  readonly servers?: readonly string[];
  /** Seconds between two synchronisations, 15 to 4294967; default the firmware's, an hour. Document 002 only. */
  readonly interval?: number;
  /** Longest wait for a server, in ms. Default 30000. */
  readonly timeout?: number;
}

/** How often firmware without +TIME_UPDATED is asked whether its clock is set, in ms. */
const pollEvery = 1000;

const late = (limit: number): AtError =>
  new AtError({ kind: 'link', code: 'timeout', message: `no time server answered within ${String(limit)} ms`, retry: 'safe', details: { timeout: limit } });

/** The time as soon as the clock is set: firmware before 3.0 does not say when that is. */
const polled = (module: AtModule, zone: Zone): Observable<number> =>
  timer(0, pollEvery, module.scheduler).pipe(
    switchMap(() => time(module, { zone }).pipe(catchError((error: unknown) => (isAtError(error) && error.code === 'clock-unset' ? EMPTY : throwError(() => error))))),
    take(1),
  );

const synchronised = (module: AtModule, config: SntpConfig, { wire }: ZoneOffset): Observable<number> => {
  const { zone = 0, servers: [first, second, third] = [], interval, timeout: limit = 30_000 } = config;
  const named = Object.fromEntries(Object.entries({ first, second, third }).filter(([, server]) => server !== undefined));
  const told = module.dialect.events.some(({ name }) => name === '+TIME_UPDATED');
  // +TIME_UPDATED can come before OK (recorded on 4.1), so it is listened for first.
  const updated = module.events.pipe(
    filter(({ name }) => name === '+TIME_UPDATED'),
    take(1),
    shareReplay({ bufferSize: 1, refCount: false }),
  );
  const setting = concat(
    interval === undefined ? EMPTY : module.exec(tcpip.sntpInterval, { seconds: interval }),
    module.exec(tcpip.sntp, { enable: true, timezone: wire, ...named }),
  ).pipe(ignoreElements());
  const answered = defer(() => (told ? updated.pipe(mergeMap(() => time(module, { zone }))) : polled(module, zone)));
  const bounded = answered.pipe(timeout({ first: limit, scheduler: module.scheduler, with: () => throwError(() => late(limit)) }));
  return merge(restarted(module, 'the SNTP setting'), told ? updated.pipe(ignoreElements()) : EMPTY, concat(setting, bounded)).pipe(take(1));
};

/**
 * Sets the module's clock by SNTP. Cold: on subscribe it sets interval, zone and servers, waits until a server has answered (+TIME_UPDATED; firmware
 * before 3.0 is asked every second), emits the time in ms since 1970 UTC and completes. Unsubscribing ends the wait; the setting stays.
 * Errors: `link`/`timeout` (no server answered in time), `module`/`reset`, `unsupported` (`interval` before 2.4), `command`, `transport`,
 * `usage` (found before a byte is sent). Document 000 §4.15; document 002 AT+CIPSNTPCFG, AT+CIPSNTPINTV.
 */
export const sntp = (module: AtModule, config: SntpConfig = {}): Observable<number> =>
  defer(() => {
    const { zone = 0, servers = [] } = config;
    const offset = readZone(zone);
    if (offset instanceof AtError) return throwError(() => offset);
    if (servers.length <= 3) return synchronised(module, config, offset);
    return throwError(() => new AtError({ kind: 'usage', code: 'parameter', message: 'at most three servers', details: { parameter: 'servers', value: servers.length } }));
  });
