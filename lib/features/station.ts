import { concat, defer, distinctUntilChanged, filter, ignoreElements, map, merge, Observable, of, switchMap } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Parameters } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { stationOn } from './scan.js';

/** Parameters of AT+CWJAP (the password is secret), and whether leaving the Observable leaves the access point. */
export interface StationConfig extends Parameters<typeof wifi.join> {
  /** Send AT+CWQAP on unsubscribe. Default false: the station stays joined. */
  readonly leave?: boolean;
}

export type StationState =
  | { readonly state: 'connected' }
  | { readonly state: 'got-ip'; readonly address: string | undefined; readonly gateway: string | undefined; readonly netmask: string | undefined }
  | { readonly state: 'disconnected' };

const changes: Readonly<Record<string, StationState['state']>> = { 'WIFI CONNECTED': 'connected', 'WIFI GOT IP': 'got-ip', 'WIFI DISCONNECT': 'disconnected', ready: 'disconnected' };

const withAddress = (module: AtModule, state: StationState['state']): Observable<StationState> =>
  state === 'got-ip'
    ? module.exec(wifi.stationAddressQuery).pipe(map(({ ip, gateway, netmask }) => ({ state, address: ip, gateway, netmask })))
    : of({ state });

/**
 * The module as a station of an access point. Cold: on subscribe it switches the station on and sends AT+CWJAP; emits every change of state, with the
 * address once there is one; never completes by itself. Unsubscribing leaves the access point only with `leave: true`.
 * A refused join errors `command`/`rejected` with `details.reason` (`password`, `not-found`, `timeout`, `refused`). Document 000 §3.2.
 */
export const station = (module: AtModule, { leave = false, ...params }: StationConfig): Observable<StationState> =>
  new Observable<StationState>((subscriber) => {
    const states = module.events.pipe(
      map(({ name }) => changes[name]),
      filter((state): state is StationState['state'] => state !== undefined),
      distinctUntilChanged(),
      switchMap((state) => withAddress(module, state)),
    );
    const join = concat(
      stationOn(module),
      defer(() => module.exec(wifi.join, params)),
    ).pipe(ignoreElements());
    const joined = merge(states, join).subscribe(subscriber);
    return () => {
      joined.unsubscribe();
      if (leave) module.exec(wifi.leave).subscribe({ error: () => undefined });
    };
  });
