import { concat, filter, type Observable, switchMap, take } from 'rxjs';
import { type AtModule, openModule, station, type Transport } from 'rx-esp-at';
import { serialport } from 'rx-esp-at/transports/serialport';

/** The module at `ESP_AT_PORT`, else an emulated one. */
export const moduleOr = (emulated: () => Transport): Transport => {
  const path = process.env['ESP_AT_PORT'];
  return path === undefined ? emulated() : serialport({ path });
};

/** Opens a module, joins `ESP_AT_SSID`, does something with it, and closes it. Cold; emits what that emits, and completes when the port is closed. */
export const online = <T>(transport: Transport, use: (module: AtModule) => Observable<T>): Observable<T> =>
  openModule(transport).pipe(
    switchMap((module) =>
      concat(
        station(module, { ssid: process.env['ESP_AT_SSID'] ?? 'Espressif', password: process.env['ESP_AT_PASSWORD'] ?? '' }).pipe(
          filter(({ state }) => state === 'got-ip'),
          take(1),
          switchMap(() => use(module)),
        ),
        module.close(),
      ),
    ),
  );
