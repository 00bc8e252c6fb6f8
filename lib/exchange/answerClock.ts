import type { SchedulerLike, Subscription } from 'rxjs';
import { answerTime } from './answerTime.js';
import { createArrivals, type Arrivals } from './arrivals.js';
import type { Request } from './request.js';
import { createSilence, type Silence } from './silence.js';

/** From `+++` to SEND CANCELLED, at most, in ms. */
const escapeLimit = 3000;

export interface AnswerClockConfig {
  readonly scheduler: SchedulerLike;
  readonly life: Subscription;
  readonly lineTime: (bytes: number) => number;
  /** The command on the line has a counted answer. */
  readonly counting: () => boolean;
  /** The rest of a count will not come. */
  readonly abandon: () => void;
  /** Nothing came for so long that nothing will. */
  readonly ring: () => void;
}

/** The time of the command on the line: how long its answer, and what of it makes no frame yet, may stay away. */
export interface AnswerClock extends Pick<Silence, 'stop' | 'suspend' | 'touch'>, Pick<Arrivals, 'arrived' | 'renew'> {
  /** From now on it is waited for the answer to what was written. */
  start(request: Request, bytes: number): void;
  /** From now on it is waited for the end of a payload that `+++` broke off. */
  startEscaped(): void;
}

/** A stopped clock. */
export const createAnswerClock = ({ scheduler, life, lineTime, counting, abandon, ring }: AnswerClockConfig): AnswerClock => {
  const clock = createSilence(scheduler);
  const arrivals = createArrivals({ scheduler, counting, alive: clock.touch, abandon });
  life.add(clock.stop);
  life.add(arrivals.stop);
  return {
    start: (request, bytes) => clock.start(answerTime(request, bytes, lineTime), ring),
    startEscaped: () => clock.start(escapeLimit, ring),
    stop: clock.stop,
    touch: clock.touch,
    suspend: (on) => {
      clock.suspend(on);
      arrivals.suspend(on);
    },
    arrived: arrivals.arrived,
    renew: arrivals.renew,
  };
};
