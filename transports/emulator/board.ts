import type { Observable, Subscription } from 'rxjs';
import type { FaultAction, FaultEvent } from './faults.js';
import type { Profile } from './profiles/profile.js';
import type { Random } from './random.js';
import type { Settings } from './settings.js';
import type { ViolationKind } from './violation.js';

/** How long things take, in milliseconds. The recordings give the order of things, not their times; these keep the order. */
export interface Timing {
  /** From the end of a command line to its answer. */
  readonly command: number;
  /** From power to `ready`. */
  readonly boot: number;
  /** From AT+CWJAP to WIFI CONNECTED, and from there to WIFI GOT IP. */
  readonly join: number;
  readonly dhcp: number;
  /** Of one channel in AT+CWLAP. */
  readonly scan: number;
  /** From the arrival of data to its `+IPD`. */
  readonly announce: number;
}

/** What every part of the module stands on: time, settings, the line out, faults. It knows no part. */
export interface Board {
  readonly profile: Profile;
  readonly timing: Timing;
  readonly random: Random;
  /** Milliseconds on the scheduler's clock. */
  now(): number;
  /** Runs once after `ms` unless the module restarts first. */
  after(ms: number, run: () => void): Subscription;
  /** Ends the subscription when the module restarts. */
  keep(subscription: Subscription): Subscription;
  /** Listens until the module restarts. For sources that have no errors; one that came all the same surfaces as uncaught. */
  follow<T>(source: Observable<T>, next: (value: T) => void): Subscription;
  get<K extends keyof Settings>(key: K): Settings[K];
  set<K extends keyof Settings>(key: K, value: Settings[K]): void;
  /** Prints byte-characters on the AT port. */
  print(text: string): void;
  printBytes(bytes: Uint8Array): void;
  /** Prints a line of the log UART where it shares the AT port. */
  log(text: string): void;
  /** Runs when the line has taken most of what was printed; at once if so already. */
  whenRoom(run: () => void): void;
  /** Runs when all that was printed has left. */
  whenPrinted(run: () => void): void;
  /** A byte is arriving from the host right now: the line is not quiet though nothing complete came. */
  receiving(): boolean;
  /** Stops and resumes taking bytes off the line: RTS. */
  holdInput(on: boolean): void;
  meet(event: FaultEvent): FaultAction | undefined;
  violation(kind: ViolationKind, text: string): void;
}
