import type { Shape } from '../codec/field.js';
import { advanceLine } from './slotLine.js';
import { promptOf, type Slot } from './slotState.js';
import { end, kept, pass, take, type SlotInput, type SlotStep } from './slotStep.js';

export { openSlot, promptOf, type Result, type Slot, type Stage } from './slotState.js';
export type { SlotEffect, SlotInput, SlotStep } from './slotStep.js';

/** The next value of a command's life. Pure: time, restarts and written payload are inputs like lines. */
export const advance = (slot: Slot, input: SlotInput, shape: Shape): SlotStep => {
  if (slot.stage === 'ended') return pass(slot);
  switch (input.kind) {
    case 'line':
      return advanceLine(slot, input.text, shape);
    case 'item':
      if (!slot.declared.response.lines.includes(input.item.line)) return pass(slot);
      return take(slot, { items: kept(slot, input.item) }, [{ do: 'item', item: input.item }]);
    case 'free':
      // A late echo is no line of an answer.
      return slot.declared.response.free === true && !/^AT(?:E[01]|\+.*)?$/i.test(input.text) ? take(slot, { free: [...slot.free, input.text] }) : pass(slot);
    case 'prompt':
      if (promptOf(slot.declared) === undefined || (slot.stage !== 'sent' && slot.stage !== 'answering')) return pass(slot);
      if (slot.declared.phase === 'passthrough') return take(slot, { stage: 'ended' }, [{ do: 'raw' }, { do: 'end', result: 'OK' }]);
      return take(slot, { stage: 'prompted' }, [{ do: 'pay' }]);
    case 'paid': {
      const paid = { ...slot, stage: 'paid' as const };
      return slot.early === undefined ? take(paid) : end(paid, slot.early);
    }
    case 'timeout':
      return take(slot, { stage: 'ended' }, [{ do: 'end', result: 'TIMEOUT' }]);
    case 'restarted':
      return take(slot, { stage: 'ended' }, [{ do: 'end', result: 'ABORTED' }]);
  }
};
