import { AtError } from '../../lib/transport.js';
import { escaped } from './escaped.js';
import type { TranscriptEntry } from './entry.js';

/** Bytes shown before and from the first that differs. */
const SHOWN_BEFORE = 16;
const SHOWN_FROM = 48;

/** The bytes a transcript wants written, compared as they come; how they are cut does not matter. */
export interface Expectation {
  /** Bytes written so far that were as expected. */
  readonly met: number;
  /** How many bytes must have been written before the script goes past this entry. */
  until(entry: number): number;
  /** Takes written bytes: the error where they differ. */
  take(bytes: Uint8Array): AtError | undefined;
}

/** Reads what a transcript wants written. */
export const expectation = (entries: readonly TranscriptEntry[]): Expectation => {
  const ends: number[] = [];
  const wanted: number[] = [];
  for (const entry of entries) {
    if (entry.dir === 'tx') for (const byte of entry.bytes) wanted.push(byte);
    ends.push(wanted.length);
  }
  const whole = Uint8Array.from(wanted);
  let met = 0;

  const mismatch = (bytes: Uint8Array, differs: number): AtError => {
    const at = met + differs;
    const entry = ends.findIndex((end) => at < end);
    const from = Math.max(met, at - SHOWN_BEFORE);
    const expected = escaped(whole.subarray(from, at + SHOWN_FROM));
    const actual = escaped(bytes.subarray(from - met, differs + SHOWN_FROM));
    const place = entry < 0 ? 'after the last entry' : `in entry ${entry}`;
    return new AtError({
      kind: 'transport',
      code: 'mismatch',
      message: `the bytes written differ from the transcript ${place}, at written byte ${at}: expected "${expected}", got "${actual}"`,
      retry: 'never',
      details: { entry: entry < 0 ? entries.length : entry, offset: at, expected, actual },
    });
  };

  return {
    get met() {
      return met;
    },
    until: (entry) => ends[entry] ?? whole.length,
    take: (bytes) => {
      const differs = bytes.findIndex((byte, index) => byte !== whole[met + index]);
      if (differs >= 0) return mismatch(bytes, differs);
      met += bytes.length;
      return undefined;
    },
  };
};
