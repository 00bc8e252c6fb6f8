import { map, type Observable } from 'rxjs';
import * as ethernet from '../commands/ethernet.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/**
 * MAC address of Ethernet. Cold: on subscribe it sends AT+CIPETHMAC with `address` (`1a:fe:35:98:d3:7b`, bit 0 of the first byte 0) where one is given,
 * reads it back, emits it in lower case and completes. Unsubscribing sends nothing more. Errors: `usage`, `unsupported`, `command`. Document 000 §7.1.
 */
export const ethernetMac = (module: AtModule, address?: string): Observable<string> =>
  inForce(
    () => module.exec(ethernet.macAddressQuery),
    address === undefined ? undefined : () => module.exec(ethernet.macAddress, { mac: address }),
  ).pipe(map(({ mac }) => mac));
