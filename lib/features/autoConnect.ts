import { map, type Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/**
 * Whether the stored access point is joined after a start (always stored). Cold: on subscribe it sends AT+CWAUTOCONN with `enable` where it is given,
 * reads it back, emits it and completes. Unsubscribing sends nothing more. Errors: `unsupported`, `command`. Document 000 §3.11.
 */
export const autoConnect = (module: AtModule, enable?: boolean): Observable<boolean> =>
  inForce(
    () => module.exec(wifi.autoConnectQuery),
    enable === undefined ? undefined : () => module.exec(wifi.autoConnect, { enable }),
  ).pipe(map((found) => found.enable));
