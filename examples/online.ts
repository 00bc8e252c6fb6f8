import { catchError, concat, EMPTY, filter, ignoreElements, NEVER, type Observable, switchMap, take, takeUntil, tap, throwError } from 'rxjs';
import { type AtModule, openModule, station, type Transport } from 'rx-esp-at';
import { serialport } from 'rx-esp-at/transports/serialport';

/** The module at `ESP_AT_PORT`, else an emulated one. */
export const moduleOr = (emulated: () => Transport): Transport => {
  const path = process.env['ESP_AT_PORT'];
  return path === undefined ? emulated() : serialport({ path });
};

/** How a module is left. */
export interface Leaving {
  /** Leave early, in order. */
  readonly stop?: Observable<unknown>;
  /** The last thing before the module is closed, also after an error. */
  readonly last?: (module: AtModule) => Observable<unknown>;
}

/** Opens a module, joins `ESP_AT_SSID`, does something with it, and closes it. Cold; emits what that emits, and completes when the port is closed. */
export const online = <T>(transport: Transport, use: (module: AtModule) => Observable<T>, { stop = NEVER, last = () => EMPTY }: Leaving = {}): Observable<T> => {
  let opened = false;
  const joined = (module: AtModule): Observable<T> =>
    station(module, { ssid: process.env['ESP_AT_SSID'] ?? 'Espressif', password: process.env['ESP_AT_PASSWORD'] ?? '' }).pipe(
      filter(({ state }) => state === 'got-ip'),
      take(1),
      switchMap(() => use(module)),
      takeUntil(stop),
    );
  return openModule(transport).pipe(
    tap(() => (opened = true)),
    switchMap((module) => {
      const end = concat(last(module), module.close()).pipe(ignoreElements());
      return concat(joined(module).pipe(catchError((error: unknown) => concat(end, throwError(() => error)))), end);
    }),
    // An open module is closed by its own `close()`, which tells when the port is free.
    takeUntil(stop.pipe(filter(() => !opened))),
  );
};
