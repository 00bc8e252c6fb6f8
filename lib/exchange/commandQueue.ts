import type { SchedulerLike, Subscription } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { trampoline } from '../../operators/trampoline.js';
import type { ModuleSettings } from '../command/command.js';
import { createLanes, type Lanes } from './lanes.js';
import type { Job } from './request.js';
import { createSilence } from './silence.js';

const queueLimit = 1024;
const overload = (): AtError => new AtError({ kind: 'usage', code: 'overload', message: `${String(queueLimit)} commands are waiting already`, retry: 'safe' });

export interface CommandQueueConfig {
  readonly scheduler: SchedulerLike;
  /** Nothing is begun once it has ended. */
  readonly life: Subscription;
  readonly settings: () => ModuleSettings;
  /** No command is on the line, and nothing is being written. */
  readonly free: () => boolean;
  readonly start: (job: Job) => void;
}

/** Commands that wait for the line. Those of the session go before users', who wait while it is paused. */
export interface CommandQueue {
  readonly paused: boolean;
  /** The error says that too many wait already. */
  push(job: Job): AtError | undefined;
  /** In front of its lane: it was written for nothing. */
  putBack(job: Job): void;
  remove(job: Job): boolean;
  /** Takes every waiting job out, or those of the session alone. */
  clear(all: boolean): readonly Job[];
  /** Begins the next command where the line is free; safe to ask for at any time. */
  pump(): void;
  pause(): void;
  /** Users' commands go on with the next `pump`. */
  resume(): void;
  /** Nothing at all may be written for that long: a rejected command waits to be written again, or `+++` was. */
  rest(ms: number): void;
  /** What it rested for is over. */
  rested(): void;
}

/** An empty queue, paused. */
export const createCommandQueue = ({ scheduler, life, settings, free, start }: CommandQueueConfig): CommandQueue => {
  const users = createLanes<Job>();
  const urgent = createLanes<Job>();
  const clock = createSilence(scheduler);
  let paused = true;
  life.add(clock.stop);
  const lanesOf = ({ request }: Job): Lanes<Job> => (request.internal === true ? urgent : users);

  const pump = trampoline(() => {
    while (free() && !clock.running && !life.closed) {
      const job = urgent.next() ?? (paused ? undefined : users.next());
      if (job === undefined) return;
      const renewed = job.request.settings === settings() ? job.request : job.request.renew();
      if (renewed instanceof AtError) job.subscriber.error(renewed);
      else {
        job.request = renewed;
        start(job);
      }
    }
  });

  return {
    get paused() {
      return paused;
    },
    push: (job) => {
      const lanes = lanesOf(job);
      if (lanes.size >= queueLimit) return overload();
      lanes.push(job.request.lane, job);
      return undefined;
    },
    putBack: (job) => lanesOf(job).unshift(job.request.lane, job),
    remove: (job) => lanesOf(job).remove(job),
    clear: (all) => [...urgent.clear(), ...(all ? users.clear() : [])],
    pump,
    pause: () => {
      paused = true;
    },
    resume: () => {
      paused = false;
    },
    rest: (ms) => clock.start(ms, pump),
    rested: clock.stop,
  };
};
