import { map, type Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/**
 * MAC address of the softAP. Cold: on subscribe it sends AT+CIPAPMAC with `address` (`1a:fe:35:98:d3:7b`, bit 0 of the first byte 0) where one is given,
 * reads it back, emits it in lower case and completes. Unsubscribing sends nothing more. Errors: `usage`, `unsupported`, `command`. Document 000 §3.13.
 */
export const softApMac = (module: AtModule, address?: string): Observable<string> =>
  inForce(
    () => module.exec(wifi.softApMacQuery),
    address === undefined ? undefined : () => module.exec(wifi.softApMac, { mac: address }),
  ).pipe(map(({ mac }) => mac));
