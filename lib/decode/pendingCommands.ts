import type { Shape } from '../codec/field.js';
import { busyCode } from '../exchange/slotLine.js';
import type { SlotInput } from '../exchange/slot.js';
import type { CommandText } from './commandText.js';
import type { Decoded } from './decoded.js';
import { feed, givenUp, openPending, type Pending, printed } from './pending.js';

/** The commands of a capture that were written and are not printed yet, in order. */
export interface PendingCommands {
  /** The first that has not ended: what the module says belongs to it. */
  readonly current: Pending | undefined;
  /** Every one that has not ended. */
  readonly open: readonly Pending[];
  /** `entry`: which capture entry wrote it. */
  add(command: CommandText, text: string, entry: number): void;
  /** Offers what the module said to the current command; false where it is none of it. */
  offer(input: SlotInput): boolean;
  /** `busy p...` tells of the line behind the running one, and of every line of the same write; of `surplus` bytes behind a line before any of that. */
  busy(surplus: boolean): void;
  /** The module restarted: none will be answered any more. */
  abort(): void;
  /** The capture has ended. */
  end(): void;
  /** Prints those at the front that have ended. */
  print(): void;
}

export interface PendingCommandsConfig {
  readonly shape: () => Shape;
  /** A line of the answer was read. */
  readonly item: (value: Readonly<Record<string, unknown>>) => void;
  /** The module ended the command. */
  readonly ended: (done: Pending) => void;
  readonly print: (decoded: Decoded) => void;
}

/** None yet. */
export const createPendingCommands = ({ shape, item, ended, print }: PendingCommandsConfig): PendingCommands => {
  const pending: Pending[] = [];
  const current = (): Pending | undefined => pending.find(({ result }) => result === undefined);
  const open = (): readonly Pending[] => pending.filter(({ result }) => result === undefined);
  const printEnded = (): void => {
    while (pending[0]?.result !== undefined) {
      const [first] = pending.splice(0, 1);
      if (first !== undefined && first.command.name !== '') print(printed(first));
    }
  };
  /** What was dropped was something else; its code stood before it, where it looked like one of the running command. */
  const goesOn = (running: Pending): void => {
    running.doubtful = false;
    running.slot = { ...running.slot, codes: running.slot.codes.filter((code) => code !== busyCode) };
  };
  return {
    get current() {
      return current();
    },
    get open() {
      return open();
    },
    add: (command, text, entry) => {
      const before = current();
      if (before?.doubtful === true) before.result = 'BUSY';
      pending.push(openPending(command, text, entry));
    },
    offer: (input) => {
      const target = current();
      if (target === undefined) return false;
      const { taken, ended: result } = feed(target, input, shape());
      if (taken) for (const { value } of target.slot.items.slice(-1)) item(value);
      if (taken && target.doubtful === true) goesOn(target);
      if (result !== undefined) {
        ended(target);
        printEnded();
      }
      return taken;
    },
    busy: (surplus) => {
      const [running, second, ...others] = open();
      if (running === undefined) return;
      const { codes, stage } = running.slot;
      running.doubtful = second === undefined && !surplus && stage === 'sent';
      if (running.doubtful) return;
      goesOn(running);
      if (second === undefined) return;
      for (const candidate of [second, ...others]) {
        if (candidate.entry !== second.entry) continue;
        candidate.slot = { ...candidate.slot, codes: codes.filter((code) => code === busyCode) };
        candidate.result = 'BUSY';
      }
      printEnded();
    },
    abort: () => {
      for (const candidate of pending) candidate.result ??= candidate.doubtful === true ? 'BUSY' : 'ABORTED';
    },
    end: () => {
      for (const candidate of pending) candidate.result ??= givenUp(candidate);
      printEnded();
    },
    print: printEnded,
  };
};
