import type { CommandQueue } from './commandQueue.js';
import type { LineInput } from './lineInput.js';
import type { ModuleState } from './moduleState.js';
import { outcomeOf } from './outcomeOf.js';
import type { Quarantine } from './quarantine.js';
import { escapeRest } from './quietLine.js';
import type { RawEnd } from './rawLeaving.js';
import type { RawPhase } from './rawPhase.js';
import type { Reporter } from './reporter.js';
import type { Job } from './request.js';
import type { Restarting } from './restarting.js';
import { promptOf, type Result } from './slot.js';
import type { Ending, Turn } from './turn.js';

const busyRetries = 8;
const busyDelay = 50;

export interface AftermathConfig {
  readonly state: ModuleState;
  readonly queue: CommandQueue;
  readonly turn: Pick<Turn, 'job' | 'release' | 'end'>;
  readonly restarting: Pick<Restarting, 'expect' | 'found'>;
  readonly quarantine: Pick<Quarantine, 'begin' | 'announce'>;
  readonly raw: Pick<RawPhase, 'abort'>;
  readonly instruct: LineInput['instruct'];
  readonly reread: LineInput['reread'];
  readonly tell: Reporter['tell'];
}

/** What the end of a command leaves behind: an answer for whoever waits, a module that has changed, a line that must rest or be proved. */
export interface Aftermath {
  ended(ending: Ending): void;
  /** The raw stream is over, and with it the command that began it. */
  leftRaw(end: RawEnd): void;
}

const resultOf: Readonly<Record<RawEnd['how'], Result>> = { left: 'OK', restarted: 'ABORTED', silent: 'TIMEOUT' };

/** Nothing has ended yet. */
export const createAftermath = ({ state, queue, turn, restarting, quarantine, raw, instruct, reread, tell }: AftermathConfig): Aftermath => {
  const backOff = (job: Job): void => {
    turn.release();
    raw.abort();
    job.attempts += 1;
    queue.putBack(job);
    tell('resend', `${job.request.encoded.shown} was dropped by a busy module`);
    queue.rest(busyDelay * 2 ** (job.attempts - 1));
  };

  const settle = ({ job, slot, stage, result }: Ending): void => {
    const { terminals, effect } = slot.declared;
    const then = promptOf(slot.declared);
    turn.release();
    // After a silence the prompt may still come: the module would take the next command for the payload.
    if (then === 'raw' ? result !== 'OK' : then !== undefined && result !== 'TIMEOUT') raw.abort();
    if (effect !== undefined && (terminals?.success ?? ['OK']).includes(result)) {
      state.learn(effect(job.request.params));
      state.reshape();
    }
    job.subscriber.next({ kind: 'end', outcome: outcomeOf(slot, stage, result) });
    job.subscriber.complete();
  };

  return {
    ended: (ending) => {
      const { job, slot, stage, result } = ending;
      const { declared, internal, params } = job.request;
      const silent = result === 'TIMEOUT';
      // It was `+++` that ended it: that nothing of it is left on the line is proved like after a silence.
      const left = ending.escaped && result !== 'ABORTED';
      // The name of an access point can hold `\r\nOK\r\n`: its real end is still to come.
      const torn = slot.torn === true && result !== 'ABORTED';
      const doubtful = left || ((silent || torn) && internal !== true);
      if (result === 'BUSY' && job.attempts < busyRetries && !job.subscriber.closed) return backOff(job);
      if (declared.restarts === true && result === 'OK') restarting.expect(declared.restartsIn?.(params) ?? 0);
      if (left) queue.rest(escapeRest);
      if (doubtful || silent) queue.pause();
      const dead = { request: job.request, slot: { ...slot, stage: silent ? stage : ('ended' as const) } };
      const why = silent ? 'got no answer' : left ? 'was ended by +++' : 'was answered by a line that breaks off';
      if (doubtful) quarantine.begin(dead, why);
      settle(ending);
      if (silent) instruct({ do: 'abandon' });
      if (doubtful) quarantine.announce();
      queue.pump();
    },
    leftRaw: (end) => {
      if (end.how === 'left') {
        state.learn({ cipmode: false });
        if (end.rest.length > 0) reread(end.rest);
      }
      if (turn.job === undefined) return;
      if (end.how === 'restarted') restarting.found('found when the raw stream was left', false);
      turn.end(resultOf[end.how]);
    },
  };
};
