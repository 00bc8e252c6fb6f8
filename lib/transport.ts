import type { Observable } from 'rxjs';

export { AtError, isAtError, type AtErrorKind, type AtErrorInit, type Retry } from '../operators/atError.js';

/** Line settings of a serial port. */
export interface SerialControl {
  /** Changes the host's side of the line; completes when the port took it. Cold. */
  baud(rate: number): Observable<never>;
  /** Sets the modem lines that are named. Cold. */
  set(lines: { readonly dtr?: boolean; readonly rts?: boolean; readonly brk?: boolean }): Observable<never>;
  /** The host's side uses RTS/CTS flow control; absent where it does not, or where that is not known. */
  readonly flowControl?: boolean;
  /** Reads the modem lines; errors `transport` where the port has none. Cold. */
  get?(): Observable<{ readonly cts: boolean; readonly dsr: boolean; readonly dcd: boolean }>;
}

/** An open line to a module. */
export interface Connection {
  /**
   * Hot until read; one subscriber. A chunk belongs to the subscriber and is never reused.
   * Errors `transport`/`lost` when the line is gone, completes on orderly close.
   */
  readonly incoming: Observable<Uint8Array>;
  /** Stops taking bytes from the operating system, so that RTS/CTS or the TCP window acts; absent where the port cannot. */
  hold?(on: boolean): void;
  /**
   * Cold; one at a time (overlap errors `usage`/`overlap`), one operating system write where possible; completes when the
   * operating system took the bytes. Unsubscribing recalls nothing. Never emits into the stack of its own subscribe on `incoming`.
   */
  write(bytes: Uint8Array): Observable<never>;
  /** Completes when the last byte has left the machine. Only before `+++`, bounded in time; absent where the port cannot tell. */
  drained?(): Observable<never>;
  readonly control?: SerialControl;
  /** Bits per second, where the line has a rate: the exchange adds the line time to its clocks. */
  readonly baud?: number;
}

/** A way to a module. `open()` is cold: subscribing opens the port and emits one connection, unsubscribing closes the port. */
export interface Transport {
  /** Completes when the connection is closed from here. Errors: `transport` (open). */
  open(): Observable<Connection>;
}
