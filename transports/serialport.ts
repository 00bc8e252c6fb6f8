import { asyncScheduler, Observable, type SchedulerLike } from 'rxjs';
import type { Connection, Transport } from '../lib/transport.js';
import { openFailure } from './serialport/openFailure.js';
import { loadSerialBinding, type SerialBinding } from './serialport/serialBinding.js';
import { serialLine, type SerialLine } from './serialport/serialLine.js';

export { list } from './serialport/list.js';
export type { SerialBinding, SerialBindingPort, SerialPortInfo } from './serialport/serialBinding.js';

/** Which port, and how. */
export interface SerialportConfig {
  /** `/dev/ttyUSB0`, `/dev/cu.usbserial-…`, `COM3`. */
  readonly path: string;
  /** Bits per second; ESP-AT starts at 115200, the default. 8 data bits, no parity, one stop bit. */
  readonly baudRate?: number;
  /** RTS/CTS flow control by the operating system. Default false: on a line of TX and RX only, an open CTS would block every write. */
  readonly rtscts?: boolean;
  /** Keep other programs out. Default true. */
  readonly lock?: boolean;
  /** Where the ports come from; by default the `serialport` package, loaded on the first open. */
  readonly binding?: SerialBinding;
  /** The clock of the port's watch and of `drained()`. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
}

/**
 * A serial port, by the `serialport` package (version 13, an optional peer).
 *
 * `open()` is cold: subscribing opens the port and emits one connection, then stays silent; unsubscribing closes the port, also one that is
 * still opening, and a later `open()` of this transport waits for that. Opening raises DTR and RTS, which resets some boards.
 *
 * Errors, all of kind `transport`: `open` with `details.reason` `not-found`, `busy`, `denied`, `other` or `package` (on `open()`); `lost` on
 * `incoming` when the port vanishes, within 500 ms also while held or silent; `write` when the port refused bytes or `drained()` took longer
 * than 1 s and 4096 bytes at the baud rate; `control` where the port has no such line or rate. Unsubscribing from a write recalls nothing.
 */
export const serialport = (config: SerialportConfig): Transport => {
  const { path, baudRate = 115200, rtscts = false, lock = true, scheduler = asyncScheduler } = config;
  // The operating system lets go of a port later than `close` is called; opening it again before that would find it busy.
  let released: Promise<void> = Promise.resolve();

  const open = () =>
    new Observable<Connection>((subscriber) => {
      const opening = released.then(async (): Promise<SerialLine | undefined> => {
        if (subscriber.closed) return undefined;
        const binding = config.binding ?? (await loadSerialBinding());
        if (subscriber.closed) return undefined;
        return serialLine(await binding.open({ path, baudRate, rtscts, lock }), path, { baudRate, rtscts }, scheduler);
      });
      opening.then(
        (line) => line && subscriber.next(line.connection),
        (cause: unknown) => subscriber.error(openFailure(path, cause)),
      );
      return () => {
        released = opening.then(
          (line) => line?.close(),
          () => undefined,
        );
      };
    });
  return { open };
};
