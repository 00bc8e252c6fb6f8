import { map, type Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { Parameters } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/** `modem-dtim` and `modem-listen-interval` pause the radio only; `light` stops the UART too, until something `wakeUp` names happens. */
export type SleepMode = Exclude<Parameters<typeof basic.sleep>['mode'], number>;

/**
 * Sleep mode of the Wi-Fi. Cold: on subscribe it sends AT+SLEEP with `mode` where one is given, reads it back, emits it (as a number
 * where the documents have no name for it) and completes. Set `wakeUp` before `light`: a sleeping module answers nothing.
 * `modem-listen-interval` is for stations. Unsubscribing sends nothing more.
 * Errors: `usage`, `unsupported`, `command`. Document 000 §2.9.
 */
export const sleep = (module: AtModule, mode?: SleepMode): Observable<SleepMode | number> =>
  inForce(
    () => module.exec(basic.sleepQuery),
    mode === undefined ? undefined : () => module.exec(basic.sleep, { mode }),
  ).pipe(map((found) => found.mode));
