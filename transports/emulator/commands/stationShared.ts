import { map, type Observable } from 'rxjs';
import type { Call } from '../device.js';
import { error, ok, text, type Outcome } from '../outcome.js';
import type { JoinSettings } from '../settings.js';

/** Station mode is on. */
export const stationOn = ({ device }: Call): boolean => device.get('wifiOn') && (device.get('wifiMode') & 1) !== 0;

/** Joins, and says how it went. */
export const join = (call: Call, settings: JoinSettings): Observable<Outcome> => {
  const { device } = call;
  return device.station.join(settings).pipe(
    map((code): Outcome => {
      if (code === 0) return ok();
      // Without a suffix on NONOS too, whatever its manual says: drivers that shipped for years wait for it.
      device.print(`+CWJAP:${code}\r\n`);
      return device.profile.style.joinFails === 'FAIL' ? text('\r\nFAIL\r\n') : error();
    }),
  );
};
