const NOTHING = new Uint8Array(0);
/** Straddling lines are put together in one block of this size after the other, so that small chunks cost no allocation each. */
const BLOCK = 1024;
/** How far one `more()` looks for a newline: a bound, so that a long chunk without one is not searched over and over. */
const REACH = 1024;

/**
 * Unread bytes as one contiguous window over a queue of chunks. Bytes are copied only where something straddles two chunks,
 * each byte a bounded number of times whatever the chunk size. Bytes once shown by `view()` are never written again.
 */
export class ByteQueue {
  /** Contiguous bytes; those from `start` on are unread. `more()` replaces both. */
  window: Uint8Array = NOTHING;
  start = 0;
  /** Bytes consumed since the beginning: the absolute position of `start`. */
  taken = 0;
  /** Bytes copied since the beginning, to let a spec count the work. */
  copied = 0;
  private waiting: Uint8Array[] = [];
  private first = 0;
  private offset = 0;
  private waitingBytes = 0;
  private block: Uint8Array = NOTHING;
  private filled = 0;
  private blockFrom = -1;
  private buffer: ArrayBufferLike = NOTHING.buffer;
  private base = 0;

  /** Unread bytes in all, those outside the window included. */
  get size(): number {
    return this.window.length - this.start + this.waitingBytes;
  }

  /** Bytes set aside for what straddles chunks. */
  get room(): number {
    return this.block.length;
  }

  push(chunk: Uint8Array): void {
    if (chunk.length === 0) return;
    // One hidden class for all, a Node Buffer's bytes too, keeps the loops over the window fast.
    this.waiting.push(new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.length));
    this.waitingBytes += chunk.length;
  }

  /** Lengthens the window: by at most `wanted` bytes, or to the next newline where that is not given. False when no byte waits. */
  more(wanted?: number): boolean {
    const chunk = this.waiting[this.first];
    if (chunk === undefined) return false;
    if (this.start === this.window.length) {
      this.show(chunk, this.offset);
      this.blockFrom = -1;
      this.skip(chunk.length - this.offset, chunk);
      return true;
    }
    const end = wanted === undefined ? afterNewline(chunk, this.offset) : Math.min(chunk.length, this.offset + wanted);
    this.append(chunk, this.offset, end, wanted ?? 0);
    this.skip(end - this.offset, chunk);
    return true;
  }

  /** Lengthens the window to `length` unread bytes; false when they have not all come. */
  ensure(length: number): boolean {
    for (;;) {
      const missing = length - (this.window.length - this.start);
      if (missing <= 0) return true;
      if (!this.more(missing)) return false;
    }
  }

  consume(length: number): void {
    this.start += length;
    this.taken += length;
  }

  /** The unread bytes `from` to `from + length`, which must lie in the window, as a plain Uint8Array without a copy. */
  view(from: number, length: number): Uint8Array {
    return new Uint8Array(this.buffer, this.base + this.start + from, length);
  }

  /** Keeps the window's buffer and offset at hand: asking a typed array for them costs as much as making a view. */
  private show(window: Uint8Array, start: number): void {
    this.window = window;
    this.start = start;
    this.buffer = window.buffer;
    this.base = window.byteOffset;
  }

  private append(chunk: Uint8Array, from: number, to: number, wanted: number): void {
    const unread = this.window.length - this.start;
    const added = to - from;
    if (this.blockFrom >= 0 && this.filled + added <= this.block.length) {
      this.blockFrom += this.start;
    } else {
      // Room for twice what is unread keeps the copying linear while the window slides over a long candidate.
      const room = Math.max(unread + Math.max(wanted, added), this.blockFrom >= 0 ? 2 * unread : 0);
      if (this.blockFrom >= 0 || this.filled + room > this.block.length) {
        this.block = new Uint8Array(Math.max(BLOCK, room));
        this.filled = 0;
      }
      this.blockFrom = this.filled;
      this.copy(this.window, this.start, this.window.length);
    }
    this.copy(chunk, from, to);
    this.show(this.block.subarray(this.blockFrom, this.filled), 0);
  }

  private copy(bytes: Uint8Array, from: number, to: number): void {
    const { block } = this;
    let at = this.filled;
    // Below some length a loop is faster than a view and a call.
    if (to - from > 48) block.set(bytes.subarray(from, to), at);
    else for (let i = from; i < to; i += 1, at += 1) block[at] = bytes[i] as number;
    this.filled += to - from;
    this.copied += to - from;
  }

  private skip(length: number, chunk: Uint8Array): void {
    this.offset += length;
    this.waitingBytes -= length;
    if (this.offset < chunk.length) return;
    this.offset = 0;
    this.first += 1;
    if (this.first === this.waiting.length) {
      this.waiting = [];
      this.first = 0;
    } else if (this.first >= 64 && this.first * 2 > this.waiting.length) {
      this.waiting = this.waiting.slice(this.first);
      this.first = 0;
    }
  }
}

function afterNewline(bytes: Uint8Array, from: number): number {
  const stop = Math.min(bytes.length, from + REACH);
  for (let i = from; i < stop; i += 1) if (bytes[i] === 10) return i + 1;
  return stop;
}
