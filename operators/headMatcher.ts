import type { CountedHead, HeadMatch } from './frame.js';
import { childOf } from './headTable.js';
import type { HeadEntry, HeadNode } from './headTable.js';

const CR = 13;
const LF = 10;
const QUOTE = 34;
const COMMA = 44;
const LONGEST = 0x7fffffff;

type Place = 'start' | 'plain' | 'quoted' | 'quote';

/** What is known of a head: more bytes are needed, it is none, or it is complete. */
export type HeadVerdict = 'more' | 'no' | 'yes';

/** Recognises one counted head, resumable after any byte, so that a byte is looked at once per attempt whatever the chunks. */
export class HeadMatcher {
  /** Bytes of the head seen so far; after `yes` its whole length with the end delimiter. */
  used = 0;
  /** Bytes looked at since the beginning, to let a spec count the work. */
  work = 0;
  private node: HeadNode;
  private entry: HeadEntry | undefined;
  private place: Place = 'start';
  private value = -1;
  private count = 0;
  private readonly values: number[] = [];
  /** Which field was the last quoted one; -1 while there is none. */
  private quoted = -1;
  private length = 0;

  constructor(private root: HeadNode, private readonly limit: number) {
    this.node = root;
  }

  /** True when nothing can match. */
  get idle(): boolean {
    return this.root.nodes.length === 0;
  }

  use(root: HeadNode): void {
    this.root = root;
    this.reset();
  }

  reset(): void {
    this.used = 0;
    this.node = this.root;
    this.entry = undefined;
  }

  /** True unless the prefix at `bytes[at]` is surely none of a head; touches no attempt under way. */
  mayBegin(bytes: Uint8Array, at: number): boolean {
    let node: HeadNode | undefined = this.root;
    let i = at;
    while (i < bytes.length && node !== undefined && node.entry === undefined) {
      node = childOf(node, bytes[i] as number);
      i += 1;
    }
    this.work += i - at;
    return node !== undefined;
  }

  /** Goes on with the head that begins at `bytes[at]`; after `no` or `yes` call `reset()` before the next attempt. */
  run(bytes: Uint8Array, at: number): HeadVerdict {
    const from = at + this.used;
    const stop = Math.min(bytes.length, at + this.limit);
    let i = from;
    let verdict: HeadVerdict = 'more';
    while (i < stop && verdict === 'more') {
      verdict = this.step(bytes[i] as number);
      i += 1;
    }
    this.used = i - at;
    this.work += i - from;
    return verdict === 'more' && this.used >= this.limit ? 'no' : verdict;
  }

  /** The declared head that matched. */
  get declared(): CountedHead | undefined {
    return this.entry?.head;
  }

  /** What matched, after `yes`. */
  match(bytes: Uint8Array, at: number): HeadMatch {
    const text = String.fromCharCode(...bytes.subarray(at, at + this.used - 1));
    return { prefix: this.entry?.head.prefix ?? '', text, length: this.length };
  }

  private step(byte: number): HeadVerdict {
    const entry = this.entry;
    if (entry !== undefined) return this.field(entry, byte);
    const next = childOf(this.node, byte);
    if (next === undefined) return 'no';
    this.node = next;
    if (next.entry !== undefined) {
      this.entry = next.entry;
      this.values.length = 0;
      this.quoted = -1;
      this.open();
    }
    return 'more';
  }

  private field(entry: HeadEntry, byte: number): HeadVerdict {
    if (byte === CR || byte === LF) return 'no';
    const verdict = this.read(entry, byte);
    if (verdict !== 'no' || this.quoted < 0) return verdict;
    // What followed the quoted field is none of a head: the quote before it did not end the field, as in the topic `a",b`.
    this.values.length = this.quoted;
    this.open();
    this.place = byte === QUOTE ? 'quote' : 'quoted';
    return 'more';
  }

  private read(entry: HeadEntry, byte: number): HeadVerdict {
    if (this.place === 'quoted') {
      if (byte === QUOTE) this.place = 'quote';
      return 'more';
    }
    if (byte === COMMA || byte === entry.end) return this.close(entry, byte);
    if (this.place === 'quote') {
      // Quotes inside a topic or SSID come unescaped: only one before a delimiter ends the field.
      if (byte !== QUOTE) this.place = 'quoted';
      return 'more';
    }
    const numeric = entry.digits[this.values.length] === true;
    if (byte === QUOTE) {
      if (this.place !== 'start' || numeric) return 'no';
      this.place = 'quoted';
      return 'more';
    }
    this.place = 'plain';
    this.digit(byte);
    return numeric && this.value < 0 ? 'no' : 'more';
  }

  private digit(byte: number): void {
    this.count += 1;
    if (byte < 48 || byte > 57 || this.count > 10 || (this.count > 1 && this.value < 0)) this.value = -1;
    else this.value = (this.count === 1 ? 0 : this.value * 10) + byte - 48;
  }

  private open(): void {
    this.place = 'start';
    this.value = -1;
    this.count = 0;
  }

  private close(entry: HeadEntry, byte: number): HeadVerdict {
    if (this.place === 'quote') this.quoted = this.values.length;
    this.values.push(this.value);
    const fields = this.values.length;
    const ends = entry.closing > 0 ? fields === entry.closing : byte === entry.end;
    if (!ends) {
      this.open();
      return fields < entry.most ? 'more' : 'no';
    }
    const layout = entry.head.layouts.find((each) => each.fields === fields);
    const length = layout === undefined ? -1 : (this.values[layout.length] ?? -1);
    this.length = length;
    return length >= 0 && length <= LONGEST ? 'yes' : 'no';
  }
}
