import { map, type Observable, takeWhile } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Parameters } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { provisioned } from './provisioned.js';
import { stationOn } from './scan.js';
import { stationChanges, type StationState, withAddress } from './stationStates.js';

/** Weakest encryption to accept; AT 2.4 and later. */
export type WpsConfig = Pick<Parameters<typeof wifi.wps>, 'weakest'>;

/**
 * Joins the access point whose WPS button is pressed. Cold: on subscribe it switches the station on and sends AT+WPS=1; emits `connected`, then `got-ip`
 * with the address, and completes. AT+WPS=0 is always sent before it ends, also on unsubscribe, where it goes on in the background. Commands of others
 * wait meanwhile. It waits for a button without end; bound it with `timeout`. Errors: `usage`, `unsupported`, `command`, `module` (reset).
 * Document 000 §3.18.
 */
export const wps = (module: AtModule, { weakest }: WpsConfig = {}): Observable<StationState> =>
  provisioned<StationState>(module, {
    prepare: () => stationOn(module),
    start: () => module.exec(wifi.wps, { enable: true, weakest }),
    progress: () =>
      stationChanges(module).pipe(
        takeWhile((state) => state !== 'got-ip'),
        map((state) => ({ state })),
      ),
    stop: ({ exec }) => exec(wifi.wps, { enable: false }),
    conclude: (alone) => withAddress(alone, 'got-ip'),
  });
