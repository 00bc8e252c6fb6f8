import { ByteQueue } from './byteQueue.js';
import type { AfterPrompt, BrokenFrame, Frame, Framer, FramerInstruction, FramerOptions, HeadMatch } from './frame.js';
import { HeadMatcher } from './headMatcher.js';
import { headTable } from './headTable.js';
import { LineScanner } from './lineScanner.js';
import { ProofWatch } from './proofWatch.js';
import { skippedBlank } from './skippedBlank.js';

const LF = 10;
const CR = 13;
const BLANK = 32;
const PROMPT = 62;

/** A recognised head whose payload is being counted. Offsets are relative to the first byte not handed out. */
interface Candidate {
  readonly head: HeadMatch;
  readonly proof: boolean;
  /** One blank may still have to be skipped before the payload. */
  blank: boolean;
  body: number;
  sent: number;
  watched: boolean;
}

/** The machine behind `createFramer` and `frames`; beyond `Framer` it tells how many bytes are left at the end and how much work was done. */
export class FramerMachine implements Framer {
  private readonly queue = new ByteQueue();
  private readonly matcher: HeadMatcher;
  private readonly line: LineScanner;
  private readonly proofMatcher: HeadMatcher;
  private readonly watch: ProofWatch;
  private readonly wholeLimit: number;
  private readonly due: Frame[] = [];
  private raw = false;
  private armed: AfterPrompt | undefined;
  private blank = false;
  private over = false;
  private dropped = 0;
  private barred = -1;
  private candidate: Candidate | undefined;

  constructor(options: FramerOptions) {
    const lineLimit = Math.max(1, options.lineLimit ?? 4096);
    const headLimit = Math.max(1, options.headLimit ?? 512);
    const heads = headTable(options.heads ?? []);
    this.wholeLimit = Math.max(1, options.wholeLimit ?? 16384);
    this.matcher = new HeadMatcher(heads, headLimit);
    this.line = new LineScanner(this.matcher, options.opaque ?? [], lineLimit);
    this.proofMatcher = new HeadMatcher(heads, headLimit);
    this.watch = new ProofWatch(this.proofMatcher, options.interim ?? (() => false), lineLimit, this.wholeLimit);
  }

  get open(): HeadMatch | undefined {
    return this.candidate?.head;
  }

  /** Bytes taken in but in no frame yet: those of a half line or an open candidate. */
  get rest(): number {
    return this.dropped + this.queue.size;
  }

  /** Bytes of memory in use, to let a spec see that they stay bounded. */
  get held(): number {
    return this.queue.size + this.queue.room;
  }

  /** Bytes handed out, looked at or copied so far, repeated looks included. */
  get work(): number {
    return this.queue.taken + this.line.work + this.matcher.work + this.proofMatcher.work + this.watch.work + this.queue.copied;
  }

  feed(chunk: Uint8Array): void {
    this.queue.push(chunk);
  }

  next(): Frame | undefined {
    if (this.due.length > 0) return this.due.shift();
    for (;;) {
      if (this.raw) return this.takeRaw();
      const frame = this.candidate === undefined ? this.takeText() : this.takeCounted(this.candidate);
      if (frame !== 'again') return frame;
    }
  }

  instruct(instruction: FramerInstruction): void {
    switch (instruction.do) {
      case 'arm':
        this.armed = instruction.then;
        this.rescan();
        break;
      case 'disarm':
        this.armed = undefined;
        break;
      case 'raw':
        this.enterRaw();
        break;
      case 'lines':
        this.raw = false;
        break;
      case 'heads': {
        const heads = headTable(instruction.heads);
        this.line.retry();
        this.matcher.use(heads);
        this.proofMatcher.use(heads);
        if (this.candidate !== undefined) this.candidate.watched = false;
        else this.rescan();
        break;
      }
      case 'abandon':
        this.abandon();
    }
  }

  /** What was scanned of a half line is looked at again under the new mode: none of it has been handed out. */
  private rescan(): void {
    if (this.dropped === 0 && !this.over) this.line.reset();
  }

  private enterRaw(): void {
    if (this.raw) return;
    if (this.dropped > 0) this.due.push(this.noise(0));
    this.candidate = undefined;
    this.armed = undefined;
    this.blank = false;
    this.over = false;
    this.raw = true;
    this.line.garbled = false;
    this.line.reset();
  }

  private abandon(): void {
    const open = this.candidate;
    if (open === undefined) return;
    const come = Math.min(Math.max(this.queue.size - open.body, 0), open.head.length - open.sent);
    this.due.push(this.reject(open, open.sent + come, 'abandoned'));
  }

  private reject(open: Candidate, received: number, reason: BrokenFrame['reason']): BrokenFrame {
    this.candidate = undefined;
    if (open.sent === 0) this.barred = this.queue.taken;
    return { kind: 'broken', head: open.head, received, reason };
  }

  private takeRaw(): Frame | undefined {
    const { queue } = this;
    if (queue.start === queue.window.length && !queue.more()) return undefined;
    const length = queue.window.length - queue.start;
    const bytes = queue.view(0, length);
    queue.consume(length);
    return { kind: 'raw', bytes };
  }

  private takeText(): Frame | 'again' | undefined {
    const { queue, line } = this;
    for (;;) {
      if (queue.start === queue.window.length && !queue.more()) return undefined;
      if (this.over) return this.skipLine();
      if (line.offset === 0 && this.dropped === 0) {
        const first = queue.window[queue.start];
        // NONOS follows its prompt with a blank, perhaps in a later chunk.
        if (this.blank) {
          this.blank = false;
          if (first === BLANK) {
            queue.consume(1);
            continue;
          }
        }
        if (first === PROMPT && this.armed !== undefined) return this.takePrompt(this.armed);
        const newline = line.plain(queue.window, queue.start);
        if (newline >= 0) {
          const frame = this.takeLine(newline - queue.start, 1);
          if (frame !== undefined) return frame;
          continue;
        }
      }
      const verdict = line.run(queue.window, queue.start, this.barred - queue.taken);
      switch (verdict) {
        case 'line': {
          const frame = this.takeLine(line.offset, 1);
          if (frame !== undefined) return frame;
          break;
        }
        case 'head':
          if (line.offset === 0 && this.dropped === 0) return this.openCandidate();
          return this.takeLine(line.offset, 0) ?? 'again';
        case 'over':
          this.over = true;
          break;
        case 'more':
          if (line.dirty && line.offset > 0) this.drop(line.forget());
          else if (!queue.more()) return undefined;
      }
    }
  }

  /** Hands out `length` bytes as a line, without its CRs, or as noise; `newline` bytes behind them go too. */
  private takeLine(length: number, newline: 0 | 1): Frame | undefined {
    const { queue, line } = this;
    line.garbled = false;
    if (line.dirty) {
      this.drop(length + newline);
      return this.noise(0);
    }
    const { window, start } = queue;
    let end = start + length;
    while (end > start && window[end - 1] === CR) end -= 1;
    const frame: Frame | undefined = end > start ? { kind: 'line', bytes: queue.view(0, end - start) } : undefined;
    queue.consume(length + newline);
    if (line.offset > 0) line.reset();
    return frame;
  }

  private drop(length: number): void {
    this.dropped += length;
    this.queue.consume(length);
  }

  private noise(more: number): Frame {
    const bytes = this.dropped + more;
    this.dropped = 0;
    this.line.reset();
    return { kind: 'noise', bytes };
  }

  private skipLine(): Frame | 'again' | undefined {
    const { queue, line } = this;
    const newline = queue.window.indexOf(LF, queue.start);
    const length = (newline < 0 ? queue.window.length : newline + 1) - queue.start;
    line.work += length;
    this.drop(length);
    if (newline < 0) return 'again';
    this.over = false;
    line.garbled = false;
    return this.noise(0);
  }

  private takePrompt(then: AfterPrompt): Frame {
    this.queue.consume(1);
    this.armed = undefined;
    this.blank = then === 'lines';
    if (then === 'raw') this.enterRaw();
    this.line.garbled = false;
    this.line.reset();
    return { kind: 'prompt' };
  }

  private openCandidate(): 'again' {
    const { matcher, queue, line } = this;
    const head = matcher.match(queue.window, queue.start);
    const declared = matcher.declared;
    this.candidate = {
      head,
      proof: declared?.proof === true && head.length <= this.wholeLimit,
      blank: declared?.blank === true && head.length > 0,
      body: matcher.used,
      sent: 0,
      watched: false,
    };
    line.garbled = false;
    line.reset();
    return 'again';
  }

  private takeCounted(open: Candidate): Frame | undefined {
    const { queue } = this;
    const { length } = open.head;
    if (open.blank) {
      const blank = skippedBlank(queue, open.body, length, this.wholeLimit);
      if (blank === undefined) return undefined;
      open.body += blank;
      open.blank = false;
    }
    const size = Math.min(length - open.sent, this.wholeLimit);
    if (!queue.ensure(open.body + size)) return undefined;
    if (open.proof) {
      if (!open.watched) this.watch.begin(queue, open.body + size);
      open.watched = true;
      const verdict = this.watch.run(queue);
      if (verdict === 'more') return undefined;
      if (verdict === 'failed') return this.reject(open, length, 'unproven');
    }
    const payload = queue.view(open.body, size);
    queue.consume(open.body + size);
    const offset = open.sent;
    open.body = 0;
    open.sent += size;
    if (open.sent === length) this.candidate = undefined;
    if (length <= this.wholeLimit) return { kind: 'data', head: open.head, payload };
    return { kind: 'part', head: open.head, offset, payload, last: open.sent === length };
  }
}

/**
 * A framer: bytes in by `feed`, frames out by `next`, one at a time, so that an instruction given between two frames acts on the very next byte.
 * A pure machine without clock or callbacks (but `interim`), it never throws on what it is fed and gives the same frames however the bytes are
 * cut into chunks (raw frames excepted, which keep the cuts).
 *
 * - Lines end with LF; CRs before it are dropped, an empty line is no frame. A line of more than `lineLimit` bytes (CRs counted), and a first
 *   line with bytes that are no text, is one `noise` frame that counts all its bytes.
 * - A declared head (its prefix must begin with `+`) is found anywhere in a line outside double quotes, except in `opaque` lines;
 *   what stands before it is handed out first, as a line. A quoted field cannot hold CR or LF.
 * - The payload of a `proof` head is held until its `OK` has come (at most 32 KiB and 64 counted frames later), then comes before
 *   whatever stood in between. Without proof a `broken` frame comes, and everything from the head on is scanned as text.
 * - `raw` takes effect even inside a counted payload: what has not been handed out of it, head included, comes as raw bytes. It disarms.
 *   `heads` leaves a payload that is being counted alone.
 *
 * Bytes in frames are views which may share memory with each other: copy before changing them or transferring their buffer.
 * Memory stays below the limits plus what was fed and not yet asked for by `next`. Work is linear in the bytes fed: however hostile the input,
 * a byte is scanned as text once, looked at by at most `headLimit / (shortest prefix)` head attempts, and on average
 * by nine looks for a proof; each `abandon` may add one look at the bytes held.
 */
export function createFramer(options: FramerOptions): Framer {
  return new FramerMachine(options);
}
