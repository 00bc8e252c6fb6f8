import { defer, type Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { Emits } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';

/** Heap in bytes: free now, and its lowest value since the start where the firmware tells it. */
export type Memory = Emits<typeof basic.memory>;

/**
 * Free heap. Cold: on subscribe it sends AT+SYSRAM?, emits once and completes. Unsubscribing lets the answer come unheard.
 * Errors: `command`, `decode`. Document 000 §2.10.
 */
export const memory = (module: AtModule): Observable<Memory> => defer(() => module.exec(basic.memory));
