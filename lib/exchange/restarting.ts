import { type Observable, type SchedulerLike, Subject, type Subscription } from 'rxjs';
import type { AtEvent } from '../command/event.js';
import type { CommandQueue } from './commandQueue.js';
import { resetError } from './lineErrors.js';
import type { ModuleState } from './moduleState.js';
import type { Payer } from './payer.js';
import type { Quarantine } from './quarantine.js';
import type { RawPhase } from './rawPhase.js';
import type { Reporter } from './reporter.js';
import { createSilence } from './silence.js';
import type { Turn } from './turn.js';

/** A module that said it would restart and does not say `ready` within this time, in ms, is set up as if it had. */
const bootLimit = 15_000;

export interface RestartingConfig {
  readonly scheduler: SchedulerLike;
  readonly life: Subscription;
  readonly state: ModuleState;
  readonly queue: Pick<CommandQueue, 'pause' | 'rested' | 'clear'>;
  readonly turn: Pick<Turn, 'declared' | 'step'>;
  readonly payer: Pick<Payer, 'stop'>;
  readonly raw: Pick<RawPhase, 'abort'>;
  readonly quarantine: Pick<Quarantine, 'forget'>;
  readonly tell: Reporter['tell'];
  readonly event: (event: AtEvent) => void;
}

/** Restarts of the module: those that are heard, those that were asked for and stay unheard, and those that are found out otherwise. */
export interface Restarting {
  /** Hot. */
  readonly restarts: Observable<void>;
  /** The module said that it will restart, and begins to after so many ms. */
  expect(begins: number): void;
  /** `ready` was read. */
  ready(): void;
  /** It has restarted though `ready` was not heard; `asked`: by a command, where that is known better than by what is expected. */
  found(how: string, asked?: boolean): void;
  complete(): void;
}

/** No restart is expected. */
export const createRestarting = ({ scheduler, life, state, queue, turn, payer, raw, quarantine, tell, event }: RestartingConfig): Restarting => {
  const restarts = new Subject<void>();
  const clock = createSilence(scheduler);
  life.add(clock.stop);

  const restarted = (how: string, asked: boolean): void => {
    clock.stop();
    queue.rested();
    payer.stop();
    queue.pause();
    state.booted();
    quarantine.forget();
    raw.abort();
    state.reshape();
    tell('restarted', how);
    event({ name: 'ready', fields: {} });
    // Whoever asked for the restart may have queued already what comes after it.
    const dropped = queue.clear(!asked);
    turn.step({ kind: 'restarted' });
    for (const job of dropped) job.subscriber.error(resetError());
    restarts.next();
  };

  return {
    restarts,
    expect: (begins) => {
      queue.pause();
      clock.start(begins + bootLimit, () => restarted('ready did not come', true));
    },
    ready: () => {
      // `ready` can overtake the OK of the command that asked for it.
      if (turn.declared?.restarts === true) turn.step({ kind: 'line', text: 'OK' });
      restarted('ready', clock.running);
    },
    found: (how, asked = clock.running) => restarted(how, asked),
    complete: () => restarts.complete(),
  };
};
