import { catchError, concat, map, NEVER, type Observable, of, type SchedulerLike, throwError } from 'rxjs';
import { isAtError, type Transport } from 'rx-esp-at';
import { emulator, inMemoryNetwork } from 'rx-esp-at/emulator';
import { servePty } from 'rx-esp-at/emulator/node';
import { serialport } from 'rx-esp-at/transports/serialport';
import { netSensor } from './netSensor.js';
import type { Options } from './options.js';
import { memorySensor, type Sensor, type Station } from './sensor.js';

/** A way to a module, and the sensor that this module can reach. */
export interface Line {
  readonly transport: Transport;
  readonly about: string;
  /** The access point to join; an open one has the empty password. */
  readonly join: { readonly ssid: string; readonly password: string };
  /** The number of readings that the sensor will send. */
  readonly total: number;
  /** The sensor's window and buffers are the emulator's, and exact. */
  readonly emulated: boolean;
  sensor(station: Station): Observable<Sensor>;
}

const total = 6000;
const ssid = 'Espressif';

const emulated = (scheduler?: SchedulerLike): { readonly transport: Transport; readonly line: Omit<Line, 'transport' | 'about'> } => {
  const clock = scheduler === undefined ? {} : { scheduler };
  const { hosts, sensor } = memorySensor(total);
  const accessPoints = [{ ssid }, { ssid: 'Neighbour', password: 'unknown', channel: 11, rssi: -71 }];
  return {
    transport: emulator({ accessPoints, network: inMemoryNetwork({ hosts, ...clock }), ...clock }),
    line: { join: { ssid, password: '' }, total, emulated: true, sensor: () => sensor },
  };
};

/** An emulated module on a line in memory. Cold; never completes. */
export const memoryLine = (about = 'an emulated module on a line in memory', scheduler?: SchedulerLike): Observable<Line> => {
  const { transport, line } = emulated(scheduler);
  return concat(of({ ...line, transport, about }), NEVER);
};

/** An emulated module on a pseudoterminal, which the real `serialport` opens as it would open any port. Cold; unsubscribing removes the terminal. */
export const ptyLine = (): Observable<Line> => {
  const { transport, line } = emulated();
  return servePty(transport).pipe(
    map(({ pty }) => ({ ...line, transport: serialport({ path: pty }), about: `an emulated module on ${pty}, opened with serialport` })),
  );
};

/** As `ptyLine`, or in memory where this machine gives out no pseudoterminal. */
export const emulatedLine = (): Observable<Line> =>
  ptyLine().pipe(
    catchError((error: unknown) =>
      isAtError(error, 'transport') ? memoryLine(`an emulated module on a line in memory, since there is no pseudoterminal (${error.message})`) : throwError(() => error),
    ),
  );

/** A real module, and the sensor on this machine. */
export const hardwareLine = (path: string, { baud, ssid: name, password = '', host }: Options): Observable<Line> =>
  concat(
    of({
      transport: serialport({ path, baudRate: baud }),
      about: `${path}, opened with serialport at ${String(baud)} baud`,
      join: { ssid: name, password },
      total,
      emulated: false,
      sensor: (station: Station) => netSensor(total, station, host),
    }),
    NEVER,
  );
