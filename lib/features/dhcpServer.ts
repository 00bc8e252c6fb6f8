import type { Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Emits } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/** What the DHCP server of the softAP gives: addresses from `start` to `end`, for `lease` minutes (1 to 2880). */
export type DhcpServer = Emits<typeof wifi.dhcpServerQuery>;

/**
 * Addresses that the softAP gives. Cold: on subscribe it sends AT+CWDHCPS with `range`, or its reset for `default`, where one is given; both need the
 * softAP, and addresses of its network. Then it reads the range back, emits it and completes. Unsubscribing sends nothing more.
 * Errors: `usage`, `command` (rejected without softAP). Document 000 §3.10.
 */
export const dhcpServer = (module: AtModule, range?: DhcpServer | 'default'): Observable<DhcpServer> =>
  inForce(
    () => module.exec(wifi.dhcpServerQuery),
    range && (() => (range === 'default' ? module.exec(wifi.dhcpServerReset, {}) : module.exec(wifi.dhcpServer, range))),
  );
