import type { Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { restarting } from './restarting.js';

/**
 * Deep sleep for `time` ms (from 1). Cold: on subscribe it sends AT+GSLP, emits nothing and completes when the module has woken up, said `ready` and is
 * set up again; the same `AtModule` goes on, its links are gone. Commands of others wait as long, and are written then: like those behind a `restart`, because the sleep was
 * asked for. What belongs to a connection errors with it. A module that does not say `ready` within 15 s of its time is set up as if it had. Unsubscribing wakes nobody: the
 * module sleeps on, and commands wait. Errors: `usage`, `command`, `module` (no-answer: it did not wake up, and the module ends). Document 000 §2.4.
 */
export const deepSleep = (module: AtModule, time: number): Observable<never> => restarting(module, () => module.exec(basic.deepSleep, { time }));
