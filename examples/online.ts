import { filter, NEVER, type Observable, switchMap, take, takeUntil } from 'rxjs';
import { type AtModule, station, type Transport } from 'rx-esp-at';
import { serialport } from 'rx-esp-at/transports/serialport';
import { opened } from './opened.js';

/** The module at `ESP_AT_PORT`, else an emulated one. */
export const moduleOr = (emulated: () => Transport): Transport => {
  const path = process.env['ESP_AT_PORT'];
  return path === undefined ? emulated() : serialport({ path });
};

/** As `opened`, with a module that has joined `ESP_AT_SSID`. */
export const online = <T>(transport: Transport, use: (module: AtModule) => Observable<T>, stop: Observable<unknown> = NEVER): Observable<T> =>
  opened(
    transport,
    (module) =>
      station(module, { ssid: process.env['ESP_AT_SSID'] ?? 'Espressif', password: process.env['ESP_AT_PASSWORD'] ?? '' }).pipe(
        filter(({ state }) => state === 'got-ip'),
        take(1),
        switchMap(() => use(module)),
        takeUntil(stop),
      ),
    stop,
  );
