import { createGate, type Gate } from './gate.js';

/** The consumer's side of a byte source. */
export type ReadGate = Gate<Uint8Array>;

/** A gate that calls `wanted` whenever a reader begins to wait, and `dropped` when it leaves without its chunk; empty chunks are nothing. */
export const createReadGate = (wanted: () => void, dropped: () => void = () => undefined, limit = Infinity): ReadGate => {
  const gate = createGate<Uint8Array>({
    wanted,
    dropped,
    limit,
    cut: (first, max) => (first.length > max ? [first.subarray(0, max), first.subarray(max)] : [first, undefined]),
    size: ({ length }) => length,
  });
  const { push } = gate;
  return Object.assign(gate, { push: (chunk: Uint8Array) => (chunk.length === 0 ? undefined : push(chunk)) });
};
