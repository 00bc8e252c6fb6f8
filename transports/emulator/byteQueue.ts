import { joined } from './format.js';

/** Bytes in the order they came, taken from the front without copying what stays. */
export class ByteQueue {
  private parts: Uint8Array[] = [];
  private head = 0;
  /** Bytes held. */
  length = 0;

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.parts.push(bytes);
    this.length += bytes.length;
  }

  /** At most `max` bytes from the front; `whole` false gives one stored chunk at most. */
  take(max: number, whole = true): Uint8Array {
    const taken: Uint8Array[] = [];
    let want = Math.min(max, this.length);
    while (want > 0) {
      const part = this.parts[this.head] as Uint8Array;
      const piece = part.length > want ? part.subarray(0, want) : part;
      taken.push(piece);
      want -= piece.length;
      this.length -= piece.length;
      if (piece === part) this.head += 1;
      else this.parts[this.head] = part.subarray(piece.length);
      if (!whole) break;
    }
    if (this.head > 256 || this.head === this.parts.length) {
      this.parts = this.parts.slice(this.head);
      this.head = 0;
    }
    const only = taken[0];
    return taken.length === 1 && only ? only : joined(taken);
  }

  clear(): void {
    this.parts = [];
    this.head = 0;
    this.length = 0;
  }
}
