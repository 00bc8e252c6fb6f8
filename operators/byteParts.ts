/** Bytes collected over chunks, joined once: views are kept, nothing is copied before `take`. */
export interface ByteParts {
  readonly length: number;
  /** The last byte collected. */
  readonly last: number | undefined;
  push(bytes: Uint8Array): void;
  /** All of it as one array (the view itself where it is one piece), and starts anew. */
  take(): Uint8Array;
}

export const createByteParts = (): ByteParts => {
  let parts: Uint8Array[] = [];
  let length = 0;
  return {
    get length() {
      return length;
    },
    get last() {
      const part = parts[parts.length - 1];
      return part?.[part.length - 1];
    },
    push(bytes) {
      if (bytes.length === 0) return;
      parts.push(bytes);
      length += bytes.length;
    },
    take() {
      const [first] = parts;
      let whole = first ?? new Uint8Array(0);
      if (parts.length > 1) {
        whole = new Uint8Array(length);
        let at = 0;
        for (const part of parts) {
          whole.set(part, at);
          at += part.length;
        }
      }
      parts = [];
      length = 0;
      return whole;
    },
  };
};
