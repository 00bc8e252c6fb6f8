import { AtError } from '../../operators/atError.js';
import type { Shape } from '../codec/field.js';
import { advance, openSlot, type Result, type Slot, type SlotInput } from '../exchange/slot.js';
import type { CommandText } from './commandText.js';
import type { Decoded, DecodedResult } from './decoded.js';

/** A command of the capture that was written and has not been printed. */
export interface Pending {
  readonly command: CommandText;
  /** Which capture entry wrote it: lines of one write are dropped together. */
  readonly entry: number;
  slot: Slot;
  /** `busy p...` came before anything else: dropped, unless its answer follows after all. */
  doubtful?: boolean;
  result?: DecodedResult;
}

export const openPending = (command: CommandText, text: string, entry: number): Pending => ({ command, entry, slot: openSlot(command.declared, text) });

/** True for a line by which a command tells how far it is while the host goes on: AT+CIPSENDL, an update that does not block. Such a line is an event too. */
export const reportsBy = ({ command: { declared, params } }: Pending, text: string): boolean =>
  (declared.phase === 'prompt-stream' || params['nonblocking'] === true) && declared.response.lines.some(({ prefix }) => text.startsWith(prefix));

/** Feeds a pending command; says whether it took the input, and how it ended if it did. */
export const feed = (pending: Pending, input: SlotInput, shape: Shape): { taken: boolean; ended?: Result } => {
  const { slot, taken, effects } = advance(pending.slot, input, shape);
  pending.slot = slot;
  const end = effects.find((effect) => effect.do === 'end');
  if (end === undefined) return { taken };
  pending.result = end.result === 'TIMEOUT' ? 'NONE' : end.result;
  return { taken, ended: end.result };
};

/** How a command ended that nothing more is heard of. */
export const givenUp = ({ doubtful, slot: { early } }: Pending): DecodedResult =>
  doubtful === true ? 'BUSY' : early === undefined || early === 'TIMEOUT' ? 'NONE' : early;

/** The printed form of a command that has ended or never will. */
export const printed = (pending: Pending): Decoded => {
  const { command, slot, result = givenUp(pending) } = pending;
  const values = slot.items.map((item) => item.value).concat(slot.reasons.map((reason) => reason));
  const errCode = slot.codes[slot.codes.length - 1];
  return {
    kind: 'command',
    text: command.shown,
    name: command.name,
    form: command.form,
    result,
    response: [...values, ...slot.free, ...(slot.failure instanceof AtError ? [{ unreadable: slot.failure.message }] : [])],
    payloads: slot.items.flatMap((item) => (item.payload === undefined ? [] : [item.payload])),
    ...(errCode === undefined ? {} : { errCode }),
  };
};
