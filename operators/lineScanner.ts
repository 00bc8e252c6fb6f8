import type { HeadMatcher } from './headMatcher.js';

const TAB = 9;
const LF = 10;
const CR = 13;
const QUOTE = 34;
const PLUS = 43;
const BACKSLASH = 92;

/** What ended a scan: more bytes are needed, a newline, a counted head, or the line limit. */
export type ScanVerdict = 'more' | 'line' | 'head' | 'over';

/** Looks through one line for its newline or a counted head, resumable after any byte. */
export class LineScanner {
  /** Bytes of the line scanned; after a verdict the place of the newline or of the head's first byte. */
  offset = 0;
  /** Bytes that are no text were seen before the first synchronisation: the line is noise. */
  dirty = false;
  /** True until the first newline, head or prompt. */
  garbled = true;
  /** Bytes looked at since the beginning, to let a spec count the work. */
  work = 0;
  private quoted = false;
  private escaped = false;
  private trying = false;
  private hidden = false;

  constructor(
    readonly matcher: HeadMatcher,
    private readonly opaque: readonly string[],
    private readonly limit: number,
  ) {}

  /** Forgets the line: the next byte is the first of a new one. */
  reset(): void {
    this.offset = 0;
    this.dirty = false;
    this.quoted = false;
    this.escaped = false;
    this.hidden = false;
    this.retry();
  }

  /** Begins the head at `offset` anew, with whatever table the matcher has now. */
  retry(): void {
    if (!this.trying) return;
    this.trying = false;
    this.matcher.reset();
  }

  /** Bytes before `offset` are dropped from the buffer; only for a dirty line, which needs none of them. */
  forget(): number {
    const dropped = this.offset;
    this.offset = 0;
    return dropped;
  }

  /**
   * The fast way: the place of the newline of a fresh line that needs no closer look, or -1. Nothing is remembered.
   * Nearly all text lies above '+', so that this is one comparison a byte.
   */
  plain(bytes: Uint8Array, start: number): number {
    if (this.garbled) return -1;
    const end = Math.min(bytes.length, start + this.limit + 1);
    const { matcher } = this;
    let i = start;
    let newline = -1;
    for (; i < end; i += 1) {
      const byte = bytes[i] as number;
      if (byte > PLUS) continue;
      if (byte === LF) {
        newline = i;
        break;
      }
      if (byte === PLUS && matcher.mayBegin(bytes, i)) break;
    }
    this.work += i - start;
    // A head begun in an earlier chunk has come to nothing.
    if (newline >= 0) this.retry();
    return newline;
  }

  /** Scans on in the line that begins at `bytes[start]`; no head is looked for at offset `barred`. */
  run(bytes: Uint8Array, start: number, barred: number): ScanVerdict {
    const begin = start + this.offset;
    const end = bytes.length;
    const limit = this.dirty ? end : start + this.limit;
    const stop = limit < end ? limit : end;
    const slow = this.garbled || isEcho(bytes, start);
    const plain = slow ? 255 : PLUS;
    let quoted = this.quoted;
    let i = begin;
    let verdict: ScanVerdict = 'more';
    for (; i < stop; i += 1) {
      const byte = bytes[i] as number;
      if (byte > plain) continue;
      if (byte === LF) {
        verdict = 'line';
        break;
      }
      if (slow && this.hides(byte, bytes, start)) continue;
      if (byte === QUOTE) quoted = !quoted;
      else if (byte === PLUS && !quoted && i - start !== barred) {
        const head = this.attempt(bytes, start, i);
        if (head === 'no') continue;
        if (head === 'yes') verdict = 'head';
        break;
      }
    }
    if (i === limit && i < end && !this.dirty) verdict = bytes[i] === LF ? 'line' : 'over';
    this.quoted = quoted;
    this.offset = i - start;
    this.work += i - begin;
    return verdict;
  }

  private attempt(bytes: Uint8Array, start: number, at: number): 'more' | 'no' | 'yes' {
    const matcher = this.matcher;
    if (matcher.idle || this.isOpaque(bytes, start, at)) return 'no';
    this.trying = true;
    const verdict = matcher.run(bytes, at);
    if (verdict === 'no') this.retry();
    return verdict;
  }

  private isOpaque(bytes: Uint8Array, start: number, at: number): boolean {
    if (this.dirty) return false;
    this.hidden ||= this.opaque.some((text) => text.length > 0 && text.length <= at - start && beginsWith(bytes, start, text));
    return this.hidden;
  }

  /** The bytes that need a closer look: garbage before the first newline, and escapes, which exist only in the echo of a command. */
  private hides(byte: number, bytes: Uint8Array, start: number): boolean {
    if (this.garbled && ((byte < 32 && byte !== CR && byte !== TAB) || byte > 126)) {
      this.dirty = true;
      this.escaped = false;
      return true;
    }
    if (this.escaped) {
      this.escaped = false;
      return true;
    }
    if (byte !== BACKSLASH || this.dirty || !isEcho(bytes, start)) return false;
    this.escaped = true;
    return true;
  }
}

function isEcho(bytes: Uint8Array, start: number): boolean {
  return ((bytes[start] ?? 0) | 32) === 97 && ((bytes[start + 1] ?? 0) | 32) === 116;
}

function beginsWith(bytes: Uint8Array, start: number, text: string): boolean {
  for (let i = 0; i < text.length; i += 1) if (bytes[start + i] !== text.charCodeAt(i)) return false;
  return true;
}
