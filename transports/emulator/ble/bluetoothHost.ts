import type { Board } from '../board.js';

/** What Bluetooth stands on. */
export interface BluetoothHost extends Board {
  /** Prints a line, unless bytes go through to a peer and it was not asked for: bit 2 of AT+SYSMSG. */
  say(line: string): void;
}
