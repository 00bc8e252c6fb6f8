import { map, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/** Addresses of one interface; what it has not got is absent. */
export interface InterfaceAddresses {
  readonly ip?: string;
  readonly mac?: string;
  /** Link-local IPv6. */
  readonly ipv6Local?: string;
  readonly ipv6Global?: string;
}

/** By interface; one that is off is absent. */
export interface LocalAddresses {
  readonly station?: InterfaceAddresses;
  readonly softAp?: InterfaceAddresses;
  readonly ethernet?: InterfaceAddresses;
}

const interfaces: Readonly<Record<string, keyof LocalAddresses>> = { STA: 'station', AP: 'softAp', ETH: 'ethernet' };
const kinds: Readonly<Record<string, keyof InterfaceAddresses>> = { IP: 'ip', MAC: 'mac', IP6LL: 'ipv6Local', IP6GL: 'ipv6Global' };

/** What the firmware prints where there is no address. */
const unset = /^(?:0\.0\.0\.0|::|0*(?::0*)+)?$/;

const gather = (lines: readonly { readonly key: string; readonly value: string }[]): LocalAddresses => {
  let found: LocalAddresses = {};
  for (const { key, value } of lines) {
    const [, name = '', kind = ''] = /^(STA|AP|ETH)(IP6LL|IP6GL|IP|MAC)$/.exec(key) ?? [];
    const [of, as] = [interfaces[name], kinds[kind]];
    if (of === undefined || as === undefined) continue;
    found = { ...found, [of]: { ...found[of], ...(unset.test(value) ? {} : { [as]: value }) } };
  }
  return found;
};

/**
 * The module's own addresses. Cold: on subscribe it sends AT+CIFSR, emits once and completes; unsubscribing lets the answer go unheard.
 * Errors: `command`, `decode`, `module`, `transport`. Document 000 §4.8; document 002 AT+CIFSR.
 */
export const localAddresses = (module: AtModule): Observable<LocalAddresses> => module.exec(tcpip.addresses).pipe(map(gather));
