import { concat, defer, ignoreElements, mergeMap, type Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Emits, Parameters } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';

/** An access point as a scan sees it; `rssi` in dBm. What the firmware does not print is `undefined`. */
export type AccessPoint = Emits<typeof wifi.scan>;
/** What to look for; times in ms per channel. */
export type ScanConfig = Parameters<typeof wifi.scanFor>;

/** Switches the station on and leaves a running softAP as it is. */
export const stationOn = (module: AtModule): Observable<never> =>
  module.exec(wifi.modeQuery).pipe(
    mergeMap(({ mode }) => (mode === 'station' || mode === 'both' ? [] : module.exec(wifi.mode, { mode: mode === 'softAp' ? 'both' : 'station' }))),
    ignoreElements(),
  );

/**
 * Access points in reach. Cold: on subscribe it switches the station on and sends AT+CWLAP, emits each access point as its line comes and completes;
 * unsubscribing lets the scan end unheard. Errors: `command` (rejected, timeout), `decode`, `usage`. Document 000 §3.4.
 */
export const scan = (module: AtModule, config: ScanConfig = {}): Observable<AccessPoint> => {
  const narrowed = Object.values(config).some((value) => value !== undefined);
  return concat(
    stationOn(module),
    defer(() => (narrowed ? module.exec(wifi.scanFor, config) : module.exec(wifi.scan))),
  );
};
