import { map, type Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/**
 * Clock of the module, in whole seconds since 1970. Cold: on subscribe it sends AT+SYSTIMESTAMP with `seconds` where they are given, reads the clock,
 * emits it and completes. SNTP overwrites it. It is the clock as it stands, for
 * setting it by hand; what time it is, in ms and with an error while the clock is unset, `time` tells. Unsubscribing sends nothing more. Errors: `usage`, `command`. Document 000 §2.16.
 */
export const timestamp = (module: AtModule, seconds?: number): Observable<number> =>
  inForce(
    () => module.exec(basic.clockQuery),
    seconds === undefined ? undefined : () => module.exec(basic.clock, { seconds }),
  ).pipe(map((found) => found.seconds));
