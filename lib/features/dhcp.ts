import { concat, EMPTY, map, type Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/** On which interfaces DHCP is on: as client of the station and of Ethernet, as server of the softAP. */
export interface Dhcp {
  readonly station: boolean;
  readonly softAp: boolean;
  readonly ethernet: boolean;
}

const bits = { station: 1, softAp: 2, ethernet: 4 } as const;
const names = ['station', 'softAp', 'ethernet'] as const;

const toggle = (module: AtModule, change: Partial<Dhcp>, enable: boolean): Observable<unknown> => {
  const interfaces = names.reduce((sum, name) => (change[name] === enable ? sum + bits[name] : sum), 0);
  return interfaces === 0 ? EMPTY : module.exec(wifi.dhcp, { enable, interfaces });
};

/**
 * DHCP of each interface. Cold: on subscribe it sends AT+CWDHCP for the interfaces that `change` names, at most once for on and once for off, reads
 * them back, emits them and completes. Switching it on drops a static address, and the other way round; `WIFI GOT IP` may follow.
 * Unsubscribing sends nothing more. `usage` for Ethernet in `v2`, which has no such bit. Errors: `usage`, `command`. Document 000 §3.9.
 */
export const dhcp = (module: AtModule, change: Partial<Dhcp> = {}): Observable<Dhcp> =>
  inForce(
    () => module.exec(wifi.dhcpQuery),
    () => concat(toggle(module, change, false), toggle(module, change, true)),
  ).pipe(
    map(({ interfaces }) => ({
      station: (interfaces & bits.station) !== 0,
      softAp: (interfaces & bits.softAp) !== 0,
      ethernet: (interfaces & bits.ethernet) !== 0,
    })),
  );
