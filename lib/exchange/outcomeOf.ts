import type { Outcome } from './request.js';
import type { Result, Slot } from './slot.js';

/** What whoever waits for a command is told of its life. */
export const outcomeOf = ({ items, free, codes, reasons, failure }: Slot, stage: Slot['stage'], result: Result): Outcome => ({
  result,
  stage,
  items,
  free,
  codes,
  reasons,
  ...(failure === undefined ? {} : { failure }),
});
