import { defer, type Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { Emits } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { restarting } from './restarting.js';

/** The running firmware and the one a rollback would boot. */
export type FirmwareSlots = Emits<typeof basic.rollbackQuery>;

/**
 * Boots the firmware of the other partition. Cold: on subscribe it sends AT+SYSROLLBACK, emits nothing and completes when the module is set up again and
 * answers, in the dialect of that firmware. Unsubscribing leaves it to itself. Errors: `command` (rejected where there is no other firmware),
 * `module` (no-answer), `unsupported` (no ESP-AT firmware). Document 000 §2.15.
 */
export const rollback = (module: AtModule): Observable<never> => restarting(module, () => module.exec(basic.rollback));

/**
 * What is in both firmware partitions. Cold: on subscribe it sends AT+SYSROLLBACK?, emits once and completes; AT 4 only.
 * Unsubscribing lets the answer come unheard. Errors: `unsupported`, `command`. Not in the documents.
 */
export const firmwareSlots = (module: AtModule): Observable<FirmwareSlots> => defer(() => module.exec(basic.rollbackQuery));
