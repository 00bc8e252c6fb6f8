import type { Item } from '../command/response.js';
import type { Result, Slot } from './slotState.js';

/** What may concern a command. `free`: a line that nobody else declares. */
export type SlotInput =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'item'; readonly item: Item }
  | { readonly kind: 'free'; readonly text: string }
  | { readonly kind: 'prompt' }
  | { readonly kind: 'paid' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'restarted' };

/** What is to be done for it. */
export type SlotEffect =
  | { readonly do: 'item'; readonly item: Item }
  | { readonly do: 'pay' }
  /** No more of the payload is wanted. */
  | { readonly do: 'quit' }
  | { readonly do: 'raw' }
  | { readonly do: 'end'; readonly result: Result };

/** What an input made of it. */
export interface SlotStep {
  readonly slot: Slot;
  /** False: the input is none of this command's, offer it elsewhere. */
  readonly taken: boolean;
  readonly effects: readonly SlotEffect[];
}

/** Its items with one more. */
export const kept = (slot: Slot, item: Item): readonly Item[] => (slot.passing === true ? [item] : [...slot.items, item]);

/** The input is none of its. */
export const pass = (slot: Slot): SlotStep => ({ slot, taken: false, effects: [] });

/** The input is its: from now on the module is known to have read the command. */
export const take = (slot: Slot, change: Partial<Slot> = {}, effects: readonly SlotEffect[] = []): SlotStep => ({
  slot: { ...slot, ...(slot.stage === 'sent' ? { stage: 'answering' as const } : {}), ...change },
  taken: true,
  effects,
});

/** The input is its terminal. */
export const end = (slot: Slot, result: Result): SlotStep =>
  // The module counts payload bytes whatever it has said: the command is over when the last one is written.
  slot.stage === 'prompted' ? take(slot, { early: result }, [{ do: 'quit' }]) : take(slot, { stage: 'ended' }, [{ do: 'end', result }]);
