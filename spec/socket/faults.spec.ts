import { faultSession } from '../../bench/session/faultSession.js';

const blocks = 10;
const each = 100;

describe('1,000 sessions in which things go wrong', () => {
  const seen = new Map<string, number>();
  it.each(Array.from({ length: blocks }, (_, block) => block))('block %i: every byte arrives once and in order, or a typed error says what happened; nothing hangs or stays', (block) => {
    for (let seed = block * each + 1; seed <= (block + 1) * each; seed += 1) {
      const { faults, broken, outcomes } = faultSession(seed);
      for (const fault of faults) seen.set(fault, (seen.get(fault) ?? 0) + 1);
      for (const outcome of outcomes) seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      expect({ seed, faults, outcomes, broken }).toEqual({ seed, faults, outcomes, broken: [] });
    }
  });

  it('has met every fault, good ends and bad ones', () => {
    const met = ['early CLOSED', 'withheld CLOSED', 'data with a FIN', 'lost announcement', 'busy', 'reset', 'reset in a line', 'SEND FAIL', 'heap', 'stall', 'late answer', 'delay', 'split', 'glue', 'peer that stops reading', 'peer that resets'];
    const left = ['user who leaves', 'sender who leaves'];
    for (const name of [...met, ...left, 'whole', 'module/reset', 'send/failed']) {
      expect({ name, often: (seen.get(name) ?? 0) > 10 }).toEqual({ name, often: true });
    }
  });
});
