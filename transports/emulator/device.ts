import type { Observable } from 'rxjs';
import type { Board } from './board.js';
import type { CalendarClock } from './clock.js';
import type { Network } from './network/network.js';
import type { Outcome, RawSink } from './outcome.js';
import type { Parts } from './parts.js';
import type { CommandGroup } from './profiles/profile.js';
import type { Args } from './scanner.js';
import type { Updates } from './updates.js';
import type { World } from './wifi/world.js';

/** The module as command handlers see it: the board and every part of the current boot. */
export interface Device extends Board, Parts {
  readonly calendar: CalendarClock;
  readonly network: Network;
  readonly world: World;
  readonly updates: Updates;
  /** Gives the line to a peer until what `make` makes calls `left`. */
  passthrough(make: (left: () => void) => RawSink): Outcome;
  /** Prints a Wi-Fi line, unless passthrough keeps it back. */
  say(line: string): void;
  /** Restarts once what was printed is on the line. */
  restart(): void;
  /** Sleeps deeply for so long (undefined: until a reset), then restarts. */
  sleep(ms: number | undefined): void;
  /** The module's side of the line goes to this rate. */
  setBaud(rate: number): void;
  /** Runs a handler whose changes the flash does not get. */
  unstored<T>(run: () => T): T;
  /** Runs a handler that reads settings as the flash has them. */
  asStored<T>(run: () => T): T;
  /** AT+RESTORE: empties the flash. */
  erase(): void;
  /** Every row of this build, for AT+CMD?. */
  rows(): readonly Row[];
}

/** One call of a command. */
export interface Call {
  readonly device: Device;
  /** As the answers print it: `+CWMODE`. */
  readonly name: string;
  readonly args: Args;
  print(text: string): void;
}

export type Handler = (call: Call) => Outcome | Observable<Outcome>;
/** A handler that only some releases have. */
export type Form = Handler | { readonly since?: number; readonly until?: number; readonly run: Handler };

/** One command: the forms it has and the releases that know it (`release` numbers of the profile). */
export interface Row {
  /** `+CWMODE`; `` for AT itself; `E0`, `E1`. */
  readonly name: string;
  readonly group: CommandGroup;
  readonly since?: number;
  readonly until?: number;
  readonly test?: Form;
  readonly query?: Form;
  readonly set?: Form;
  readonly execute?: Form;
}

/** The handler of a form in a release, if it has it. */
export const handlerOf = (form: Form | undefined, release: number): Handler | undefined => {
  if (form === undefined || typeof form === 'function') return form;
  return release >= (form.since ?? 0) && release <= (form.until ?? Infinity) ? form.run : undefined;
};
