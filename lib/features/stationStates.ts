import { concat, defer, distinctUntilChanged, filter, ignoreElements, map, merge, Observable, of, switchMap } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { AtModule } from '../module/atModule.js';
import { stationOn } from './scan.js';

/** Where the station stands; addresses as the module tells them. */
export type StationState =
  | { readonly state: 'connected' }
  | { readonly state: 'got-ip'; readonly address: string | undefined; readonly gateway: string | undefined; readonly netmask: string | undefined }
  | { readonly state: 'disconnected' };

const changes: Readonly<Record<string, StationState['state']>> = { 'WIFI CONNECTED': 'connected', 'WIFI GOT IP': 'got-ip', 'WIFI DISCONNECT': 'disconnected', ready: 'disconnected' };

/** Changes of state as the module says them. */
export const stationChanges = (module: AtModule): Observable<StationState['state']> =>
  module.events.pipe(
    map(({ name }) => changes[name]),
    filter((state): state is StationState['state'] => state !== undefined),
    distinctUntilChanged(),
  );

/** A state with the address that belongs to it. */
export const withAddress = (module: Pick<AtModule, 'exec'>, state: StationState['state']): Observable<StationState> =>
  state === 'got-ip'
    ? module.exec(wifi.stationAddressQuery).pipe(map(({ ip, gateway, netmask }) => ({ state, address: ip, gateway, netmask })))
    : of({ state });

/** Switches the station on, joins, and tells every change of state; leaves behind itself where asked to. */
export const joinedBy = (module: AtModule, join: () => Observable<unknown>, leave: boolean): Observable<StationState> =>
  new Observable<StationState>((subscriber) => {
    const states = stationChanges(module).pipe(switchMap((state) => withAddress(module, state)));
    const joined = merge(states, concat(stationOn(module), defer(join)).pipe(ignoreElements())).subscribe(subscriber);
    return () => {
      joined.unsubscribe();
      if (leave) module.exec(wifi.leave).subscribe({ error: () => undefined });
    };
  });
