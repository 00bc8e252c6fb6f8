import { concat, defer, EMPTY, filter, ignoreElements, map, merge, mergeMap, Observable, observeOn, of, startWith, switchMap, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import * as wifi from '../commands/wifi.js';
import { ofEvent, type Emits, type Parameters } from '../command/index.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';

type Params = Parameters<typeof wifi.softAp>;

/** The network that the module opens. */
export interface SoftApConfig {
  /** 1 to 32 bytes. */
  readonly ssid: string;
  /** 8 to 64 bytes; secret. Without one the network is open. */
  readonly password?: string;
  /** 1 to 14, default 1; a joined station's channel overrides it. */
  readonly channel?: number;
  /** Default `wpa2` with a password, `open` without. */
  readonly encryption?: Params['encryption'];
  /** 1 to 10, from AT 4 on to 15. */
  readonly maxStations?: number;
  /** Do not broadcast the name. Default false. */
  readonly hidden?: boolean;
  /** Switch the softAP off on unsubscribe. Default false: it stays. */
  readonly stop?: boolean;
}

/** What happens at the softAP. `started` also after a restart of the module: nobody is joined then. */
export type SoftApEvent =
  | { readonly event: 'started' }
  | { readonly event: 'joined'; readonly mac: string }
  | { readonly event: 'addressed'; readonly mac: string; readonly address: string }
  | { readonly event: 'left'; readonly mac: string };

/** A station at the softAP. */
export type SoftApStation = Emits<typeof wifi.stations>[number];

/** Switches the softAP on and leaves a running station as it is. */
const softApOn = (module: AtModule): Observable<never> =>
  module.exec(wifi.modeQuery).pipe(
    mergeMap(({ mode }) => (mode === 'softAp' || mode === 'both' ? EMPTY : module.exec(wifi.mode, { mode: mode === 'station' ? 'both' : 'softAp' }))),
    ignoreElements(),
  );

const softApOff = (module: AtModule): Observable<unknown> =>
  module.exec(wifi.modeQuery).pipe(mergeMap(({ mode }) => (mode === 'softAp' || mode === 'both' ? module.exec(wifi.mode, { mode: mode === 'both' ? 'station' : 'off' }) : EMPTY)));

const configure = (module: AtModule, { ssid, password = '', channel = 1, encryption = password === '' ? 'open' : 'wpa2', maxStations, hidden }: SoftApConfig): Observable<unknown> => {
  if (encryption !== 'open' && password.length < 8) {
    return throwError(() => new AtError({ kind: 'usage', code: 'parameter', message: 'the password of a softAP has 8 to 64 bytes', details: { command: 'AT+CWSAP', parameter: 'password' } }));
  }
  return concat(softApOn(module), defer(() => module.exec(wifi.softAp, { ssid, password, channel, encryption, maxStations, hidden })));
};

const stationEvents = ({ events: said }: AtModule): Observable<SoftApEvent> =>
  merge(
    said.pipe(ofEvent(events.stationJoined), map(({ fields: { mac } }) => ({ event: 'joined' as const, mac }))),
    said.pipe(ofEvent(events.stationAddressed), map(({ fields: { mac, address } }) => ({ event: 'addressed' as const, mac, address }))),
    said.pipe(ofEvent(events.stationLeft), map(({ fields: { mac } }) => ({ event: 'left' as const, mac }))),
  );

/**
 * The module as an access point. Cold: on subscribe it switches the softAP on beside a running station and sends AT+CWSAP, which disconnects whoever was
 * joined; emits `started`, then every station that joins, gets its address or leaves; never completes by itself. After a restart of the module it is
 * configured again. Unsubscribing leaves the softAP as it is, or switches it off with `stop: true`.
 * Errors: `usage`, `unsupported`, `command` (rejected). Document 000 §3.6.
 */
export const softAp = (module: AtModule, config: SoftApConfig): Observable<SoftApEvent> =>
  new Observable<SoftApEvent>((subscriber) => {
    const starts = module.events.pipe(
      filter(({ name }) => name === 'ready'),
      // What is queued while `ready` is told is dropped with the commands of before.
      observeOn(module.scheduler),
      startWith(undefined),
      switchMap(() => concat(configure(module, config).pipe(ignoreElements()), of({ event: 'started' as const }))),
    );
    const life = merge(stationEvents(module), starts).subscribe(subscriber);
    return () => {
      life.unsubscribe();
      if (config.stop === true) softApOff(module).subscribe({ error: () => undefined });
    };
  });

/**
 * Stations at the softAP, those with an address from its DHCP server. Cold: on subscribe it sends AT+CWLIF, emits the list once and completes.
 * Unsubscribing lets the answer come unheard. Errors: `command` (rejected without softAP), `decode`. Document 000 §3.7.
 */
export const softApStations = (module: AtModule): Observable<readonly SoftApStation[]> => defer(() => module.exec(wifi.stations));

/**
 * Disconnects one station from the softAP, or all. Cold: on subscribe it sends AT+CWQIF, emits nothing and completes; `softAp` tells who left.
 * Unsubscribing sends nothing more. Errors: `usage`, `command` (rejected: no softAP, no such station). Document 000 §3.8.
 */
export const softApKick = (module: AtModule, mac?: string): Observable<never> =>
  defer((): Observable<unknown> => (mac === undefined ? module.exec(wifi.disconnectStations) : module.exec(wifi.disconnectStation, { mac }))).pipe(ignoreElements());
