import { type Observable, Subject, type Subscription } from 'rxjs';
import type { AtError } from '../../operators/atError.js';
import type { CommandQueue } from './commandQueue.js';
import { closed, interrupted } from './lineErrors.js';
import type { RawPhase } from './rawPhase.js';
import type { Turn } from './turn.js';

export interface LineEndConfig {
  /** Clocks, writes and the reader. */
  readonly life: Subscription;
  readonly raw: Pick<RawPhase, 'fail'>;
  readonly queue: Pick<CommandQueue, 'clear'>;
  readonly turn: Pick<Turn, 'job' | 'release'>;
  /** Whoever tells what happens on the line. */
  readonly tellers: readonly { complete(): void }[];
}

/** The end of a line, for everything that lives on it. */
export interface LineEnd {
  /** Completes when the owner stopped it, errors when it broke. */
  readonly ended: Observable<never>;
  /** Why nothing more can be asked of it. */
  readonly reason: AtError | undefined;
  /** The first call counts. */
  stop(error?: AtError): void;
}

/** The line lives. */
export const createLineEnd = ({ life, raw, queue, turn, tellers }: LineEndConfig): LineEnd => {
  const ended = new Subject<never>();
  let reason: AtError | undefined;
  return {
    ended,
    get reason() {
      return reason;
    },
    stop: (error) => {
      if (reason !== undefined) return;
      const why = (reason = error ?? closed());
      life.unsubscribe();
      raw.fail(why);
      const waiting = queue.clear(true);
      const { job: sent } = turn;
      turn.release();
      sent?.subscriber.error(interrupted(why));
      for (const job of waiting) job.subscriber.error(why);
      if (error === undefined) ended.complete();
      else ended.error(error);
      for (const teller of tellers) teller.complete();
    },
  };
};
