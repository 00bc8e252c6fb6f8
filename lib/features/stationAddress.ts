import type { Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Emits, Parameters } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/** Addresses of an interface; 0.0.0.0 without one. */
export type AddressInForce = Emits<typeof wifi.stationAddressQuery>;
/** A static address; without `gateway` and `netmask` the module takes x.x.x.1 and 255.255.255.0. */
export type StaticAddress = Parameters<typeof wifi.stationAddress>;

/**
 * Addresses of the station. Cold: on subscribe it sends AT+CIPSTA with the static `address` where one is given, which switches the station's DHCP off
 * (`dhcp` switches it on again), reads the addresses in force, emits them and completes. Unsubscribing sends nothing more.
 * Errors: `usage`, `command` (rejected without station). Document 000 §3.14.
 */
export const stationAddress = (module: AtModule, address?: StaticAddress): Observable<AddressInForce> =>
  inForce(() => module.exec(wifi.stationAddressQuery), address && (() => module.exec(wifi.stationAddress, address)));
