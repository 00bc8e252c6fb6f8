import { map, type Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';
import { stationOn } from './scan.js';

/**
 * Host name of the station. Cold: on subscribe it sends AT+CWHOSTNAME with `name` where one is given (1 to 32 bytes; it switches the station on
 * first and is not stored), reads it back, emits the name in force and completes. Unsubscribing sends nothing more.
 * Errors: `usage`, `command`. Document 000 §3.21.
 */
export const hostname = (module: AtModule, name?: string): Observable<string> => {
  const read = inForce(
    () => module.exec(wifi.hostnameQuery),
    name === undefined ? undefined : () => module.exec(wifi.hostname, { hostname: name }),
  ).pipe(map(({ hostname: found }) => found));
  return name === undefined ? read : inForce(() => read, () => stationOn(module));
};
