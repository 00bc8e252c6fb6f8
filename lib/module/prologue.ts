import { catchError, concat, concatMap, defer, ignoreElements, type Observable, of, type SchedulerLike, tap, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as basic from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import type { Call } from '../dialects/capabilities.js';
import { detectDialect, type Firmware } from '../dialects/detectDialect.js';
import type { Exchange } from '../exchange/exchange.js';
import type { DialectName } from '../dialects/dialect.js';
import { runInternal as run } from './runInternal.js';
import { synchronise, tolerated } from './recovery.js';

/** The values every module is set to, in order; also what the framer is told about the shape of lines. */
export interface PrologueSettings {
  readonly cipmux: boolean;
  readonly cipdinfo: boolean;
  /** Bits of AT+SYSMSG; the dialect's own value unless given. */
  readonly sysmsg?: number;
}

const silent = (source: Observable<unknown>): Observable<never> => source.pipe(ignoreElements());

/** CIPMUX cannot change while links are open: a former host's are closed first. */
const multiplex = (exchange: Exchange, enable: boolean): Observable<never> => {
  const set = silent(run(exchange, tcpip.multipleConnections, { enable }));
  const free = concat(
    tolerated(run(exchange, tcpip.transferMode, { passthrough: false })),
    tolerated(run(exchange, tcpip.serverStop, { enable: false })),
    tolerated(run(exchange, tcpip.close, { link: 5 })),
    tolerated(run(exchange, tcpip.closeSingle)),
  );
  return set.pipe(catchError((error: unknown) => (isAtError(error) && error.code === 'rejected' ? concat(free, set) : throwError(() => error))));
};

const identify = (exchange: Exchange, wanted: DialectName | 'auto'): Observable<Firmware> =>
  // Strict: an OK too many, left over from another host or from the synchronisation, ends here instead of passing for the next answers.
  run(exchange, basic.version, {}, true).pipe(
    concatMap((lines) => {
      const firmware = detectDialect(lines) ?? (wanted === 'auto' ? undefined : { dialect: wanted, version: 'unknown', lines });
      const message = 'AT+GMR names no version: this is no ESP-AT firmware, or one this package does not know; name a dialect';
      return firmware === undefined ? throwError(() => new AtError({ kind: 'unsupported', code: 'firmware', message, details: { lines } })) : of(firmware);
    }),
  );

/**
 * Brings a module into a known state: synchronise, ATE0, AT+GMR, AT+SYSLOG=1, AT+SYSMSG, AT+CIPMUX, AT+CIPDINFO, then the recipe.
 * Emits the firmware once the dialect is chosen, completes when everything is set.
 */
export const prologue = (
  exchange: Exchange,
  scheduler: SchedulerLike,
  settings: PrologueSettings,
  wanted: DialectName | 'auto',
  choose: (firmware: Firmware) => void,
  recipe: readonly Call[],
): Observable<Firmware> =>
  concat(
    synchronise(exchange, scheduler),
    silent(run(exchange, basic.echo, { enable: false })),
    identify(exchange, wanted).pipe(tap(choose)),
    tolerated(run(exchange, basic.errorCodes, { enable: true })),
    defer(() => tolerated(run(exchange, basic.systemMessages, { mask: settings.sysmsg ?? exchange.dialect.capabilities.sysmsg }))),
    multiplex(exchange, settings.cipmux),
    tolerated(run(exchange, tcpip.showSenders, { enable: settings.cipdinfo })),
    ...recipe.map(({ command, params }) => silent(run(exchange, command, params))),
  );
