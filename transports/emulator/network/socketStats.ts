/** Byte counts of one sending side since the connection began. */
export interface SocketStats {
  /** Bytes taken by `send`. */
  readonly accepted: number;
  /** Bytes put on the way. */
  readonly sent: number;
  /** Bytes that reached the other end's receive window. */
  readonly acknowledged: number;
  /** Bytes of the other end handed to the reader or waiting for it. */
  readonly received: number;
  /** There is something to send and the other end's window is full: the sender is held back now. */
  readonly blocked: boolean;
  /** Milliseconds spent so, up to now. */
  readonly blockedFor: number;
  /** How often sending ran into the end of the window with more to send. */
  readonly windowFull: number;
}
