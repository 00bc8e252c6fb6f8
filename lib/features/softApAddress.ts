import type { Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';
import type { AddressInForce, StaticAddress } from './stationAddress.js';

/**
 * Addresses of the softAP. Cold: on subscribe it sends AT+CIPAP with `address` where one is given, which moves the range of the DHCP server along, reads
 * the addresses in force, emits them and completes. Unsubscribing sends nothing more. Errors: `usage`, `command` (rejected without softAP).
 * Document 000 §3.15.
 */
export const softApAddress = (module: AtModule, address?: StaticAddress): Observable<AddressInForce> =>
  inForce(() => module.exec(wifi.softApAddressQuery), address && (() => module.exec(wifi.softApAddress, address)));
