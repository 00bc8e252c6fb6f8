import type { OnReadOpts } from 'node:net';

// The recorded firmware gets its data in segments of this size.
export const segment = 1440;

/** Who takes the bytes of a connection: `room` is how many it takes now. */
export interface Taker {
  readonly room: () => number;
  readonly take: (bytes: Uint8Array) => void;
}

/** Reads of a socket that bring no more than there is room for; without room the kernel keeps what comes, until `socket.resume()`. */
export interface BoundedReads {
  readonly onread: OnReadOpts;
  /** Before the first byte: whoever listens to `connect` is early enough. */
  give(taker: Taker): void;
}

/** An ordinary stream reads 64 KiB at a time, whatever its high-water mark. Node has these reads for plain TCP that it has opened itself. */
export const boundedReads = (window: number): BoundedReads => {
  const scratch = new Uint8Array(segment);
  // Node asks for the first buffer while it makes the socket, before anybody takes anything: the whole window is free then.
  let taker: Taker = { room: () => window, take: () => undefined };
  return {
    onread: {
      // Asked for right behind a read, also one that took the last room: the next brings one byte, and the rest behind it.
      buffer: () => scratch.subarray(0, Math.max(1, Math.min(segment, taker.room()))),
      callback: (count, buffer) => {
        taker.take(buffer.slice(0, count));
        return taker.room() > 0;
      },
    },
    give: (next) => {
      taker = next;
    },
  };
};
