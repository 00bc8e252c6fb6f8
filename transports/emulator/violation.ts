/**
 * What a host did against the protocol:
 * `busy` wrote while a command ran (the bytes were dropped); `surplus` wrote more payload than announced (dropped);
 * `escape-guard` wrote a lone `+++` without 20 ms of quiet on both sides (it went to the peer);
 * `escape-wait` wrote within a second after `+++`; `overrun` filled the module's receive buffer without flow control (bytes lost);
 * `deaf` wrote while the module booted or slept; `baud` the two sides of the line run at different rates.
 */
export type ViolationKind = 'busy' | 'surplus' | 'escape-guard' | 'escape-wait' | 'overrun' | 'deaf' | 'baud';

/** One breach of the protocol by the host. */
export interface Violation {
  readonly kind: ViolationKind;
  /** Milliseconds on the scheduler's clock. */
  readonly at: number;
  /** What was written (one character per byte, at most 64), or which command was running. */
  readonly text: string;
}
