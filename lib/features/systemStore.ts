import { map, type Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/**
 * Whether what commands set is kept in flash; on again after every start. Cold: on subscribe it sends AT+SYSSTORE with `enable` where it is given,
 * reads it back, emits it and completes. Unsubscribing sends nothing more. Errors: `unsupported`, `command`. Document 000 §2.20.
 */
export const systemStore = (module: AtModule, enable?: boolean): Observable<boolean> =>
  inForce(
    () => module.exec(basic.storeQuery),
    enable === undefined ? undefined : () => module.exec(basic.store, { enable }),
  ).pipe(map((found) => found.enable));
