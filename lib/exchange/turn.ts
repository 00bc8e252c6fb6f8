import type { SchedulerLike, Subscription } from 'rxjs';
import type { AtError } from '../../operators/atError.js';
import type { AfterPrompt } from '../../operators/frame.js';
import { fromLatin1 } from '../codec/latin1.js';
import type { Command, ModuleSettings } from '../command/command.js';
import { type AnswerClock, createAnswerClock } from './answerClock.js';
import type { LineInput } from './lineInput.js';
import type { Paid, Payer } from './payer.js';
import type { RawPhase } from './rawPhase.js';
import type { Job } from './request.js';
import { advance, openSlot, promptOf, type Result, type Slot, type SlotEffect, type SlotInput, type Stage } from './slot.js';
import type { Writer } from './writer.js';

/** A command that has ended. */
export interface Ending {
  readonly job: Job;
  readonly slot: Slot;
  /** Where it was when its end came. */
  readonly stage: Stage;
  readonly result: Result;
  /** Its payload was ended by `+++`. */
  readonly escaped: boolean;
}

export interface TurnConfig {
  readonly scheduler: SchedulerLike;
  readonly life: Subscription;
  readonly writer: Writer;
  readonly payer: Payer;
  readonly raw: RawPhase;
  readonly settings: () => ModuleSettings;
  readonly lineTime: (bytes: number) => number;
  readonly show: (dir: 'tx', text: string) => void;
  readonly instruct: LineInput['instruct'];
  /** The command stays on the line until it is released. */
  readonly ended: (ending: Ending) => void;
}

/** The command on the line: written, given its inputs and its time, paid, until it ends. The shell around `advance`. */
export interface Turn extends Pick<AnswerClock, 'arrived' | 'suspend'> {
  readonly job: Job | undefined;
  readonly declared: Command | undefined;
  start(job: Job): void;
  /** Offers an input to the command; false when it is not its. */
  step(input: SlotInput): boolean;
  /** A payload of its answer broke off. */
  broken(failure: AtError): void;
  /** What it waited for is over by other means than its lines. */
  end(result: Result): void;
  /** Nothing is on the line any more. */
  release(): void;
  /** What may be shown of the text where it is its echo. */
  echo(text: string): string | undefined;
}

interface Current {
  readonly job: Job;
  slot: Slot;
  escaped: boolean;
}

/** Nothing is on the line. */
export const createTurn = ({ scheduler, life, writer, payer, raw, settings, lineTime, show, instruct, ended }: TurnConfig): Turn => {
  let current: Current | undefined;
  const counting = (): boolean => current?.slot.declared.phase === 'counted';
  const ring = (): void => void step({ kind: 'timeout' });
  const clock = createAnswerClock({ scheduler, life, lineTime, counting, abandon: () => instruct({ do: 'abandon' }), ring });

  const paid = (command: Current, { length, failure, escaped, stalled }: Paid): void => {
    if (stalled) return ring();
    command.escaped = escaped;
    if (failure !== undefined) command.slot = { ...command.slot, failure };
    if (escaped) clock.startEscaped();
    else clock.start(command.job.request, length);
    step({ kind: 'paid' });
  };

  const pay = (command: Current): void => {
    const { request, subscriber } = command.job;
    clock.stop();
    payer.pay(request, subscriber.closed, (how) => (command === current ? paid(command, how) : undefined));
  };

  const enterRaw = ({ job }: Current): void => {
    clock.stop();
    job.subscriber.next({ kind: 'raw', line: raw.begin() });
    if (job.subscriber.closed) raw.leave();
  };

  const act = (command: Current, effect: SlotEffect, stage: Stage): void => {
    switch (effect.do) {
      case 'item':
        return command.job.subscriber.next({ kind: 'item', item: effect.item });
      case 'pay':
        return pay(command);
      case 'quit':
        return payer.quit();
      case 'raw':
        return enterRaw(command);
      case 'end':
        return ended({ ...command, stage, result: effect.result });
    }
  };

  const step = (input: SlotInput): boolean => {
    if (current === undefined) return false;
    const command = current;
    const { stage } = command.slot;
    const { slot, taken, effects } = advance(command.slot, input, settings());
    command.slot = slot;
    if (taken) {
      clock.touch();
      clock.renew();
    }
    for (const effect of effects) {
      act(command, effect, stage);
      // The stream is the rest of the command's life: its end comes with that of the stream.
      if (effect.do === 'raw') break;
    }
    return taken;
  };

  const expectPrompt = (then: AfterPrompt | undefined): void => {
    if (then === 'raw') raw.expect();
    else if (then !== undefined) instruct({ do: 'arm', then });
  };

  return {
    get job() {
      return current?.job;
    },
    get declared() {
      return current?.slot.declared;
    },
    start: (job) => {
      const { declared, encoded, strict } = job.request;
      const slot = { ...openSlot(declared, encoded.line), passing: declared.result === 'stream', ...(strict === true ? { strict } : {}) };
      const command: Current = { job, slot, escaped: false };
      current = command;
      clock.renew();
      expectPrompt(promptOf(declared));
      show('tx', encoded.shown);
      const bytes = fromLatin1(`${encoded.line}\r\n`);
      clock.start(job.request, bytes.length);
      if (job.attempts === 0) job.subscriber.next({ kind: 'sent', request: job.request });
      const written = (): void => {
        if (current === command && command.slot.stage === 'sent') clock.touch();
      };
      life.add(writer.write(bytes).subscribe({ error: () => undefined, complete: written }));
    },
    step,
    broken: (failure) => {
      if (current !== undefined) current.slot = { ...current.slot, failure };
    },
    end: (result) => {
      if (current !== undefined) ended({ ...current, stage: current.slot.stage, result });
    },
    release: () => {
      current = undefined;
      clock.stop();
    },
    echo: (text) => {
      if (current === undefined || text === '') return undefined;
      const { slot, job } = current;
      return slot.text.startsWith(text, slot.echoed) ? job.request.encoded.shown.slice(slot.echoed, slot.echoed + text.length) : undefined;
    },
    arrived: clock.arrived,
    suspend: clock.suspend,
  };
};
