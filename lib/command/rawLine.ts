import type { Observable } from 'rxjs';

/** The line while it carries a raw stream: what a `passthrough` command emits at its prompt. The line belongs to it until it has been left. */
export interface RawLine {
  /**
   * Hot; to be subscribed to in the emission of the line, for nothing is kept. What comes between `+++` and the end of the stream follows when it is told
   * apart from the module's answers. Completes when the line was left. Errors: `link`/`mixed` (what came last may be the peer's or the module's),
   * `module`/`reset`, `module`/`lost`, and whatever ends the exchange.
   */
  readonly incoming: Observable<Uint8Array>;
  /**
   * Cold; queues on subscribe, in order. Completes when the operating system took the bytes and no more than 2 KiB wait for the line, where its rate
   * is known: never while RTS/CTS holds the line, until that is left. A lone `+++` is written with a pause inside, so that it is data. Unsubscribing takes back what has not been begun.
   * Errors: `send`/`closed` once the line is being left, `transport`.
   */
  write(bytes: Uint8Array): Observable<never>;
  /** Stops taking bytes from the port; absent where it cannot. Leaving lets them come again. */
  hold?(on: boolean): void;
  /**
   * Cold. On subscribe: quiet, `+++` alone, a second of quiet, a query until it is answered, AT+CIPMODE=0 where that is on; at most 20 s from when the line took
   * what was begun; a line that takes nothing for a minute is at its end (`transport`/`stalled`). Completes when
   * the line was left or given up; again at once. Unsubscribing does not stop it.
   */
  leave(): Observable<never>;
}
