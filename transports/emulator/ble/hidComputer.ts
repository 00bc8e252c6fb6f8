import { ignoreElements, map, merge, mergeMap, takeUntil, type Observable } from 'rxjs';
import { hidPlace } from './hidDevice.js';
import { readReport, reportKinds, type HidReport } from './hidReport.js';
import { VisitingCentral, type VisitorConfig } from './visitingCentral.js';

/** A computer in the air that takes modules with AT+BLEHIDINIT=1 as its keyboard, mouse and consumer control. */
export interface HidComputer {
  /** Its Bluetooth address, for `air.place`. */
  readonly address: string;
  /**
   * Cold. Connects to the module with this public address as soon as it advertises, whereupon the module says +BLEHIDCONN, and emits what it sends. Completes when the
   * connection is over; unsubscribing disconnects. One at a time: another errors `usage`/`overlap`.
   */
  reports(address: string): Observable<HidReport>;
}

/** Makes a computer. Nothing happens before `reports` is subscribed. */
export const hidComputer = (config: VisitorConfig): HidComputer => {
  const central = new VisitingCentral(config);
  const places = reportKinds.map((_, at) => ({ service: hidPlace.service, characteristic: hidPlace.report + at, descriptor: 1 }));
  return {
    address: central.address,
    reports: (address) =>
      central.connect(address).pipe(
        mergeMap((link) => {
          const asks = places.map((place) => link.ask(central, 2, 1, (device) => device.write(link, place, '\x01\0')).pipe(ignoreElements()));
          const told = central.tells.pipe(map(({ place, value }) => readReport(reportKinds[place.characteristic - hidPlace.report] ?? 'consumer', value)));
          return merge(told, ...asks).pipe(takeUntil(central.over));
        }),
      ),
  };
};
