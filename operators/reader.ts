import type { ByteSource } from './byteSource.js';
import { runInner, type Owner } from './runInner.js';

/** Reads of one source for one owner, one at a time. */
export interface Reader {
  readonly reading: boolean;
  readonly ended: boolean;
  /** Starts a read; only while neither `reading` nor `ended`. */
  read(max?: number): void;
}

/**
 * `chunk` gets what a read emits (never empty), `settled` is called when the read has completed and is torn down; a read that
 * completes empty sets `ended`. Errors go to the owner.
 */
export const createReader = (
  owner: Owner,
  source: ByteSource,
  chunk: (bytes: Uint8Array) => void,
  settled: () => void,
): Reader => {
  let reading = false;
  let ended = false;
  return {
    get reading() {
      return reading;
    },
    get ended() {
      return ended;
    },
    read(max) {
      let emitted = false;
      reading = true;
      runInner(
        owner,
        () => source.read(max),
        (bytes) => {
          emitted = true;
          if (bytes.length > 0) chunk(bytes);
        },
        () => {
          reading = false;
          ended = !emitted;
          settled();
        },
      );
    },
  };
};
