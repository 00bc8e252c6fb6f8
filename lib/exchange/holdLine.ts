import type { Connection } from '../transport.js';
import type { Silence } from './silence.js';

/** Stops the module's output and the clocks that would take its silence for trouble. False where the port cannot stop it without losing bytes. */
export const holdLine =
  ({ hold, baud, control }: Connection, clocks: readonly Pick<Silence, 'suspend'>[]) =>
  (on: boolean): boolean => {
    // A serial port without RTS/CTS only stops reading: the module prints on, and the driver's buffer runs over.
    if (hold === undefined || (baud !== undefined && control?.flowControl !== true)) return false;
    for (const clock of clocks) clock.suspend(on);
    hold(on);
    return true;
  };
