import { defer, EMPTY, of } from 'rxjs';
import type { ByteSource } from './byteSource.js';

/**
 * A `ByteSource` over bytes in memory. Cold: each read emits the next view of at most `max` bytes (default: all that is left) in the
 * stack of its subscribe and completes; past the end it completes empty. The bytes are not copied; reading moves the source on, for good.
 */
export const fromBytes = (bytes: Uint8Array): ByteSource => {
  let at = 0;
  return {
    read: (max = Infinity) =>
      defer(() => {
        if (at >= bytes.length) return EMPTY;
        const piece = bytes.subarray(at, Math.min(bytes.length, at + Math.max(1, max)));
        at += piece.length;
        return of(piece);
      }),
  };
};
