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
  result?: DecodedResult;
}

export const openPending = (command: CommandText, text: string, entry: number): Pending => ({ command, entry, slot: openSlot(command.declared, text) });

/** Feeds a pending command; says whether it took the input, and how it ended if it did. */
export const feed = (pending: Pending, input: SlotInput, shape: Shape): { taken: boolean; ended?: Result } => {
  const { slot, taken, effects } = advance(pending.slot, input, shape);
  pending.slot = slot;
  const end = effects.find((effect) => effect.do === 'end');
  if (end === undefined) return { taken };
  pending.result = end.result === 'TIMEOUT' ? 'NONE' : end.result;
  return { taken, ended: end.result };
};

/** The printed form of a command that has ended or never will. */
export const printed = ({ command, slot, result }: Pending): Decoded => {
  const values = slot.items.map((item) => item.value).concat(slot.reasons.map((reason) => reason));
  const errCode = slot.codes[slot.codes.length - 1];
  return {
    kind: 'command',
    text: command.shown,
    name: command.name,
    form: command.form,
    result: result ?? (slot.early === undefined || slot.early === 'TIMEOUT' ? 'NONE' : slot.early),
    response: [...values, ...slot.free, ...(slot.failure instanceof AtError ? [{ unreadable: slot.failure.message }] : [])],
    payloads: slot.items.flatMap((item) => (item.payload === undefined ? [] : [item.payload])),
    ...(errCode === undefined ? {} : { errCode }),
  };
};
