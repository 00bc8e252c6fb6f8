import { defer, ignoreElements, map, type Observable, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/** The DNS servers in force. */
export interface DnsServers {
  /** False: they come from DHCP, or are the firmware's own. Undefined where the firmware does not say (ESP8266 NONOS). */
  readonly manual: boolean | undefined;
  /** Those in use; 2.0 names one only. */
  readonly servers: readonly string[];
}

/**
 * The DNS servers. Cold: on subscribe it sends AT+CIPDNS?, emits once and completes. Unsubscribing lets the answer go unheard.
 * Errors: `command`, `decode`, `module`, `transport`.
 * Document 000 §4.27; document 002 AT+CIPDNS.
 */
export const dnsServers = (module: AtModule): Observable<DnsServers> =>
  module.exec(tcpip.dnsQuery).pipe(map(({ enable, servers }) => ({ manual: enable, servers })));

/**
 * Sets one to three DNS servers by address (IPv6 in document 002 only), or leaves them to DHCP with `automatic`. Cold: on subscribe it sends AT+CIPDNS,
 * completes with its OK and emits nothing; unsubscribing does not take it back. The firmware stores them (AT+SYSSTORE).
 * Errors: `usage` (their number, addresses, two the same), `command`, `module`, `transport`.
 * Document 000 §4.27; document 002 AT+CIPDNS.
 */
export const setDnsServers = (module: AtModule, servers: readonly string[] | 'automatic'): Observable<never> =>
  defer(() => {
    if (servers === 'automatic') return module.exec(tcpip.dns, { enable: false });
    const [first, second, third] = servers;
    if (first === undefined || servers.length > 3 || new Set(servers).size < servers.length) {
      const details = { parameter: 'servers', value: servers };
      return throwError(() => new AtError({ kind: 'usage', code: 'parameter', message: 'expected one to three different DNS servers', details }));
    }
    return module.exec(tcpip.dns, { enable: true, first, ...(second === undefined ? {} : { second }), ...(third === undefined ? {} : { third }) });
  }).pipe(ignoreElements());
