import type { Decoded } from './decoded.js';

/** What was decoded, in order. */
export interface Output {
  print(decoded: Decoded): void;
  /** Raw bytes: those of one direction that follow each other are one piece. */
  raw(dir: 'tx' | 'rx', bytes: Uint8Array): void;
  /** Nothing follows: the last raw piece is whole. */
  flush(): void;
  /** What was printed since the last call. */
  take(): readonly Decoded[];
}

/** An output that holds nothing. */
export const createOutput = (): Output => {
  let out: Decoded[] = [];
  let coalesced: { dir: 'tx' | 'rx'; parts: Uint8Array[] } | undefined;

  const flush = (): void => {
    if (coalesced === undefined) return;
    const { dir, parts } = coalesced;
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => (bytes.set(part, at), at + part.length), 0);
    coalesced = undefined;
    out.push({ kind: 'raw', dir, bytes });
  };
  return {
    print: (decoded) => {
      flush();
      out.push(decoded);
    },
    raw: (dir, bytes) => {
      if (bytes.length === 0) return;
      if (coalesced?.dir !== dir) flush();
      coalesced ??= { dir, parts: [] };
      coalesced.parts.push(bytes);
    },
    flush,
    take: () => {
      const taken = out;
      out = [];
      return taken;
    },
  };
};
