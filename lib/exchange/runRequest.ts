import { Observable } from 'rxjs';
import type { CommandQueue } from './commandQueue.js';
import type { LineEnd } from './lineEnd.js';
import type { Payer } from './payer.js';
import type { RawPhase } from './rawPhase.js';
import type { Job, Reply, Request } from './request.js';
import type { Turn } from './turn.js';

export interface RunConfig {
  readonly end: Pick<LineEnd, 'reason'>;
  readonly queue: Pick<CommandQueue, 'push' | 'remove' | 'pump'>;
  readonly turn: Pick<Turn, 'job'>;
  readonly raw: Pick<RawPhase, 'leave'>;
  readonly payer: Pick<Payer, 'quit'>;
}

/** From its subscription on a request waits for the line; who unsubscribes takes it back, or ends what of it can be ended. Cold. */
export const runRequest = (request: Request, { end, queue, turn, raw, payer }: RunConfig): Observable<Reply> =>
  new Observable<Reply>((subscriber) => {
    if (end.reason !== undefined) return subscriber.error(end.reason);
    const job: Job = { request, subscriber, attempts: 0 };
    const refused = queue.push(job);
    if (refused !== undefined) return subscriber.error(refused);
    // The session wants the line back: closing, or the next step of whoever has it.
    if (request.internal === true) raw.leave();
    queue.pump();
    return () => {
      if (queue.remove(job) || turn.job !== job) return;
      raw.leave();
      payer.quit();
    };
  });
