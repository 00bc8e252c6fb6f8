/** A number in [0, 1). */
export type Random = () => number;

/** A small generator that repeats itself for the same seed (xorshift32). */
export const seededRandom = (seed: number): Random => {
  let state = (seed | 0) || 0x2545f491;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x100000000;
  };
};
