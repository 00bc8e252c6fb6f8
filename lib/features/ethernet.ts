import { concat, defer, distinctUntilChanged, EMPTY, filter, ignoreElements, map, merge, mergeMap, type Observable, of, switchMap } from 'rxjs';
import * as commands from '../commands/ethernet.js';
import type { InterfaceAddresses } from '../commands/keyedAddresses.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import type { StaticAddress } from './stationAddress.js';

/** How the interface is set up. */
export interface EthernetConfig {
  /** A static address; DHCP without. */
  readonly address?: StaticAddress;
  /** Bit 0 of the first byte is 0; the module's own unless given. */
  readonly mac?: string;
}

/** Where the interface stands. */
export type EthernetState =
  | { readonly state: 'connected' }
  | { readonly state: 'got-ip'; readonly address: string | undefined; readonly gateway: string | undefined; readonly netmask: string | undefined }
  | { readonly state: 'disconnected' };

const changes: Readonly<Record<string, EthernetState['state']>> = {
  [events.ethernetConnected.name]: 'connected',
  [events.ethernetGotIp.name]: 'got-ip',
  [events.ethernetDisconnected.name]: 'disconnected',
  ready: 'disconnected',
};

const gotIp = ({ ip, gateway, netmask }: InterfaceAddresses): EthernetState => ({ state: 'got-ip', address: ip, gateway, netmask });

const configure = (module: AtModule, { mac, address }: EthernetConfig): Observable<never> =>
  concat(
    mac === undefined ? EMPTY : defer(() => module.exec(commands.macAddress, { mac })),
    address === undefined ? EMPTY : defer(() => module.exec(commands.address, address)),
  ).pipe(ignoreElements());

/**
 * The Ethernet interface. Cold: on subscribe it sets the MAC and the static address that `config` names (AT+CIPETHMAC, AT+CIPETH); emits `got-ip` where
 * the cable was plugged in already, then every change, with the address once there is one; never completes by itself. Unsubscribing sends nothing:
 * the interface stays. Errors: `usage`, `unsupported` (a build without Ethernet), `command`. Document 000 §7.1, §7.2.
 */
export const ethernet = (module: AtModule, config: EthernetConfig = {}): Observable<EthernetState> => {
  const states = module.events.pipe(
    map(({ name }) => changes[name]),
    filter((state): state is EthernetState['state'] => state !== undefined),
    switchMap((state): Observable<EthernetState> => (state === 'got-ip' ? module.exec(commands.addressQuery).pipe(map(gotIp)) : of({ state }))),
  );
  const already = defer(() => module.exec(commands.addressQuery)).pipe(mergeMap((found) => (found.ip === undefined || found.ip === '0.0.0.0' ? EMPTY : of(gotIp(found)))));
  return merge(states, concat(configure(module, config), already)).pipe(
    distinctUntilChanged((a, b) => a.state === b.state && (a.state !== 'got-ip' || b.state !== 'got-ip' || a.address === b.address)),
  );
};
