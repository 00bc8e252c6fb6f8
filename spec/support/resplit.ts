import * as fc from 'fast-check';

/** Cuts bytes at the given places (any numbers), without empty chunks: the same stream in other chunks. */
export const resplit = (bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
  return places.slice(1).map((end, i) => bytes.subarray(places[i], end)).filter((chunk) => chunk.length > 0);
};

/** Places for `resplit`. */
export const cuts = fc.array(fc.nat(), { maxLength: 12 });
