import type { Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { restarting } from './restarting.js';

/**
 * Restarts the firmware. Cold: on subscribe it asks for the rate the UART boots with (where the host's can be changed), sends AT+RST, emits nothing and
 * completes when the module has booted, is set up again and answers; the same `AtModule` goes on, its links are gone. Commands queued meanwhile wait.
 * Unsubscribing leaves the restart to itself. Errors: `command`, `module` (no-answer). Document 000 §2.2.
 */
export const restart = (module: AtModule): Observable<never> => restarting(module, () => module.exec(basic.restart));
