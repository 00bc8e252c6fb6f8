import { asapScheduler, Observable, type SchedulerLike } from 'rxjs';
import { AtError, type Connection, type Transport } from '../lib/transport.js';
import { lostLine } from './line/lineError.js';
import { pairSession, type PairSession, type PairSide } from './line/pairSession.js';

/** How the in-memory line behaves. */
export interface PairConfig {
  /**
   * Carries every chunk and every completion. Default `asapScheduler`, which needs promise jobs only; any scheduler does that leaves the
   * caller's stack (`queueScheduler` does not). With a virtual one, line time is virtual.
   */
  readonly scheduler?: SchedulerLike;
  /** Bits per second: a chunk arrives when its last bit would (10 bits a byte, as 8N1). Default: at once. */
  readonly baud?: number;
  /** Milliseconds a chunk takes besides. Default 0. */
  readonly delay?: number;
  /** Bytes that may wait at the other end before a write stays open, as with RTS/CTS. Default: without limit, as without. */
  readonly window?: number;
}

/** Two ends of one line in memory. */
export interface Pair {
  readonly near: Transport;
  readonly far: Transport;
  /** Cuts the line that is open now: both `incoming` and the pending writes error with `error`, by default `transport`/`lost`; bytes on the way are gone. */
  break(error?: AtError): void;
}

const busy = (side: PairSide): AtError =>
  new AtError({
    kind: 'transport',
    code: 'open',
    message: `the ${side} end of the pair is open already`,
    retry: 'safe',
    details: { path: side, reason: 'busy' },
  });

/**
 * A null-modem cable in memory: what one end writes, the other receives, never in the stack of the write.
 *
 * `open()` of either end is cold: subscribing joins the line and emits one connection; bytes sent to an end that was not opened yet wait for it.
 * Unsubscribing closes the line: the other end receives what is on the way, then `incoming` completes and its writes error `lost`. Opening again
 * starts a fresh line, which the other end has to open, too. One open per end: a second errors `transport`/`open` with reason `busy`.
 */
export const pair = (config: PairConfig = {}): Pair => {
  const { scheduler = asapScheduler, delay = 0, window = Infinity, baud } = config;
  const line = { scheduler, delay, window, ...(baud === undefined ? {} : { baud }) };
  let session: PairSession | undefined;

  const end = (side: PairSide): Transport => ({
    open: () =>
      new Observable<Connection>((subscriber) => {
        if (session?.holds(side)) {
          subscriber.error(busy(side));
          return undefined;
        }
        if (!session || session.over || session.used(side)) session = pairSession(line);
        const joined = session;
        // First the way back, then the connection: its consumer may unsubscribe at once.
        subscriber.add(() => joined.leave(side));
        subscriber.next(joined.join(side));
        return undefined;
      }),
  });

  return { near: end('near'), far: end('far'), break: (error) => session?.cut(error ?? lostLine('the pair')) };
};
