/** A bounded first-in, first-out store of bytes: a send buffer. */
export class ByteRing {
  private readonly bytes: Uint8Array;
  private start = 0;
  private count = 0;

  constructor(readonly capacity: number) {
    this.bytes = new Uint8Array(capacity);
  }

  get length(): number {
    return this.count;
  }

  /** Copies in as much as fits, at most `limit` bytes, and returns how much that was. */
  write(source: Uint8Array, limit: number): number {
    const taken = Math.min(source.length, limit, this.capacity - this.count);
    const at = (this.start + this.count) % this.capacity;
    const first = Math.min(taken, this.capacity - at);
    this.bytes.set(source.subarray(0, first), at);
    this.bytes.set(source.subarray(first, taken), 0);
    this.count += taken;
    return taken;
  }

  /** Copies out the oldest bytes, at most `limit`. */
  read(limit: number): Uint8Array {
    const length = Math.min(limit, this.count);
    const result = new Uint8Array(length);
    const first = Math.min(length, this.capacity - this.start);
    result.set(this.bytes.subarray(this.start, this.start + first));
    result.set(this.bytes.subarray(0, length - first), first);
    this.start = (this.start + length) % this.capacity;
    this.count -= length;
    return result;
  }

  clear(): void {
    this.count = 0;
  }
}
