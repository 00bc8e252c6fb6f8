import { type Observable, Subject } from 'rxjs';
import type { Unanswered } from './exchange.js';
import type { LineInput } from './lineInput.js';
import type { Reporter } from './reporter.js';

/** The command whose silence the line is being recovered from. */
export interface Quarantine {
  /** Hot. */
  readonly silences: Observable<Unanswered>;
  begin(dead: Unanswered, why: string): void;
  /** Tells `silences` of it, where it still holds. */
  announce(): void;
  /** The prompt came that the dead command waited for: it is owed more now. */
  prompted(): void;
  /** The line answers again. */
  lift(): void;
  /** The module has restarted: whatever it was owed, it has forgotten. */
  forget(): void;
  complete(): void;
}

/** Nothing is dead. */
export const createQuarantine = (instruct: LineInput['instruct'], tell: Reporter['tell']): Quarantine => {
  const silences = new Subject<Unanswered>();
  let dead: Unanswered | undefined;
  return {
    silences,
    begin: (unanswered, why) => {
      dead = unanswered;
      tell('quarantine', `${unanswered.request.encoded.shown} ${why}`);
    },
    announce: () => {
      if (dead !== undefined) silences.next(dead);
    },
    prompted: () => {
      if (dead !== undefined) silences.next({ ...dead, slot: { ...dead.slot, stage: 'prompted' } });
    },
    lift: () => {
      if (dead === undefined) return;
      dead = undefined;
      instruct({ do: 'disarm' });
      tell('synchronised', 'the line answers again');
    },
    forget: () => {
      dead = undefined;
    },
    complete: () => silences.complete(),
  };
};
