import { latin1 } from '../codec/latin1.js';

/** Silence that must stand before `+++`, in ms. */
const guard = 20;
const backslash = 92;

export interface WrittenObserver {
  line(text: string): void;
  /** The last owed byte was written. */
  paid(): void;
  raw(bytes: Uint8Array): void;
  escape(): void;
}

/** What the host wrote, read as the module reads it: command lines, a payload of announced length, or a raw stream. */
export interface Written {
  push(bytes: Uint8Array): void;
  wait(ms: number): void;
  /** The module answered, so what stands alone stands alone. */
  answered(): void;
  /** The module dropped what was begun. */
  drop(): void;
  /** `endsWith`: an escape (backslash and a character) that ends the payload early. */
  owe(length: number, cancellable: boolean, endsWith?: string): void;
  passthrough(): void;
  reset(): void;
  /** A line is begun whose end has not been written. */
  readonly begun: boolean;
}

const isEscape = (bytes: Uint8Array): boolean => bytes.length === 3 && bytes.every((byte) => byte === 0x2b);

/** A reader of written bytes, in line mode. */
export const createWritten = (observer: WrittenObserver): Written => {
  let mode: 'lines' | 'payload' | 'raw' = 'lines';
  let begun = '';
  let owed = 0;
  let cancellable = false;
  let ending: number | undefined;
  let escaped = false;
  let quiet = guard;
  let held: Uint8Array | undefined;

  const readLines = (bytes: Uint8Array): void => {
    begun += latin1(bytes);
    for (let end = begun.indexOf('\r\n'); end >= 0; end = begun.indexOf('\r\n')) {
      const text = begun.slice(0, end);
      begun = begun.slice(end + 2);
      observer.line(text);
    }
  };
  /** How many of the bytes belong to the payload, up to the escape that ends it. */
  const belonging = (bytes: Uint8Array): number => {
    const limit = Math.min(owed, bytes.length);
    for (let at = 0; ending !== undefined && at < limit; at += 1) {
      if (escaped && bytes[at] === ending) {
        owed = at + 1;
        return at + 1;
      }
      escaped = !escaped && bytes[at] === backslash;
    }
    return limit;
  };
  const payload = (bytes: Uint8Array): void => {
    const taken = belonging(bytes);
    owed -= taken;
    if (owed > 0) return;
    mode = 'lines';
    observer.paid();
    if (taken < bytes.length) readLines(bytes.subarray(taken));
  };
  const leave = (): void => {
    const raw = mode === 'raw';
    held = undefined;
    mode = 'lines';
    owed = 0;
    if (raw) observer.escape();
    else observer.paid();
  };
  const release = (): void => {
    const bytes = held;
    held = undefined;
    if (bytes === undefined) return;
    if (mode === 'raw') observer.raw(bytes);
    else payload(bytes);
  };

  return {
    push: (bytes) => {
      if (bytes.length === 0) return;
      release();
      const alone = quiet >= guard && isEscape(bytes);
      quiet = 0;
      if (alone && (mode === 'raw' || (mode === 'payload' && cancellable))) held = bytes;
      else if (mode === 'raw') observer.raw(bytes);
      else if (mode === 'payload') payload(bytes);
      else readLines(bytes);
    },
    wait: (ms) => {
      quiet += ms;
      if (held !== undefined && quiet >= guard) leave();
    },
    answered: () => {
      if (held !== undefined) leave();
    },
    drop: () => {
      begun = '';
    },
    owe: (length, mayCancel, endsWith) => {
      mode = 'payload';
      ending = endsWith?.charCodeAt(1);
      escaped = false;
      owed = length;
      cancellable = mayCancel;
      if (length === 0) payload(new Uint8Array(0));
    },
    passthrough: () => {
      mode = 'raw';
      quiet = guard;
    },
    reset: () => {
      mode = 'lines';
      begun = '';
      held = undefined;
    },
    get begun() {
      return begun !== '';
    },
  };
};
