import type { Observable } from 'rxjs';
import * as commands from '../commands/ethernet.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';
import type { AddressInForce, StaticAddress } from './stationAddress.js';

/**
 * Addresses of Ethernet. Cold: on subscribe it sends AT+CIPETH with the static `address` where one is given, which switches its DHCP off, reads the
 * addresses in force, emits them and completes. Unsubscribing sends nothing more. Errors: `usage`, `unsupported` (a build without Ethernet),
 * `command`. Document 000 §7.2.
 */
export const ethernetAddress = (module: AtModule, address?: StaticAddress): Observable<AddressInForce> =>
  inForce(() => module.exec(commands.addressQuery), address && (() => module.exec(commands.address, address)));
