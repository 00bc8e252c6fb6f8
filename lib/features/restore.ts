import { type Observable, of } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { restarting } from './restarting.js';

/** The UART of a module whose settings are those of the factory. */
const factoryRate = 115_200;

/**
 * Restores the factory settings. Cold: on subscribe it sends AT+RESTORE, which forgets every stored setting and the access point and restarts, emits
 * nothing and completes when the module is set up again and answers; the host's side goes to 115200 bit/s where it can. Unsubscribing leaves it
 * to itself. Errors: `command`, `module` (no-answer). Document 000 §2.6.
 */
export const restore = (module: AtModule): Observable<never> =>
  restarting(module, () => module.exec(basic.restore), ({ line }) => of(line.baud === undefined ? undefined : factoryRate));
