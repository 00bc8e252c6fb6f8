const PLUS = 0x2b;
/** Length of the escape `+++`. */
const ESCAPE = 3;

/** One write, and whether the line must be surely quiet before it. */
export interface GuardedWrite {
  readonly bytes: Uint8Array;
  readonly apart: boolean;
}

/**
 * Keeps user data from becoming a lone `+++` on the line. The module judges by time only, and no host knows how its writes are spaced on
 * the wire: a module that holds the line may get at once what was written with minutes between. So any border between two writes counts as
 * a possible quiet, and only one that was waited for with the line empty as a sure one.
 */
export interface EscapeGuard {
  /** How to write these bytes without making a lone `+++` with those before. */
  plan(bytes: Uint8Array): readonly GuardedWrite[];
  /** To be called when a write has completed. */
  wrote(write: GuardedWrite): void;
}

const onlyPluses = (bytes: Uint8Array): boolean => bytes.length <= ESCAPE && bytes.every((byte) => byte === PLUS);

export const createEscapeGuard = (): EscapeGuard => {
  /** Lengths of the latest writes that were nothing but pluses, with no sure quiet between them. */
  let run: readonly number[] = [];
  /** Whether `length` more pluses, with some of the latest writes, are three. */
  const completes = (length: number): boolean => {
    let sum = length;
    for (let i = run.length - 1; i >= 0 && sum < ESCAPE; i--) sum += run[i] as number;
    return sum === ESCAPE;
  };
  return {
    plan(bytes) {
      if (!onlyPluses(bytes) || !completes(bytes.length)) return [{ bytes, apart: false }];
      if (bytes.length < ESCAPE) return [{ bytes, apart: true }];
      // The first plus may join those before it to three.
      return [
        { bytes: bytes.subarray(0, 1), apart: completes(1) },
        { bytes: bytes.subarray(1), apart: true },
      ];
    },
    wrote({ bytes, apart }) {
      run = onlyPluses(bytes) ? [...(apart ? [] : run), bytes.length].slice(-ESCAPE) : [];
    },
  };
};
