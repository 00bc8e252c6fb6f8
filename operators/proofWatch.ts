import type { ByteQueue } from './byteQueue.js';
import type { HeadMatcher } from './headMatcher.js';
import { skippedBlank } from './skippedBlank.js';

const LF = 10;
const CR = 13;
const PLUS = 43;
/** Most bytes and counted frames that may stand between a payload and its `OK`. */
const HELD_BYTES = 32768;
const HELD_FRAMES = 64;
/** Each byte looked at for the first time pays for this many looks by candidates nested in a rejected one. */
const CREDIT = 8;

export type ProofVerdict = 'more' | 'proved' | 'failed';

/**
 * Looks behind a payload for the `OK` that proves it, consuming nothing: what stands in between is scanned again as text.
 * Hostile input can nest candidates, each with a look of its own over the same bytes; a credit earned by fresh bytes keeps
 * all looks together below `CREDIT + 1` per byte. Without credit a
 * candidate that would look at old bytes is rejected at once.
 */
export class ProofWatch {
  /** Bytes looked at since the beginning, to let a spec count the work. */
  work = 0;
  private from = 0;
  private item = 0;
  private searched = 0;
  private frames = 0;
  /** What the head at the item announces, while it is not known where its payload begins; -1 for no such head. */
  private announced = -1;
  private looked = 0;
  private credit = 0;
  private refused = false;

  constructor(
    private readonly matcher: HeadMatcher,
    private readonly interim: (line: Uint8Array) => boolean,
    private readonly lineLimit: number,
    private readonly wholeLimit: number,
  ) {}

  /** Begins behind a payload that ends `from` bytes after the queue's start. */
  begin(queue: ByteQueue, from: number): void {
    this.refused = this.credit < 0 && queue.taken + from < this.looked;
    this.from = from;
    this.item = from;
    this.searched = from;
    this.frames = 0;
    this.announced = -1;
    this.matcher.reset();
  }

  /** Goes on; after `more` the same queue must have got longer, with nothing consumed. */
  run(queue: ByteQueue): ProofVerdict {
    if (this.refused) return 'failed';
    for (;;) {
      const verdict = this.look(queue);
      if (verdict === 'proved' || verdict === 'failed') return verdict;
      if (verdict === 'more' && !queue.more()) return 'more';
    }
  }

  private look(queue: ByteQueue): ProofVerdict | 'next' {
    if (this.announced >= 0) return this.frame(queue);
    const at = queue.start + this.item;
    const first = queue.window[at];
    if (first === undefined) return 'more';
    if (first === PLUS && !this.matcher.idle && this.searched === this.item) {
      const head = this.matcher.run(queue.window, at);
      if (head === 'more') return 'more';
      if (head === 'yes') {
        this.announced = this.matcher.match(queue.window, at).length;
        this.charge(queue, this.item + this.matcher.used);
        return this.frame(queue);
      }
    }
    return this.line(queue, at);
  }

  private frame(queue: ByteQueue): ProofVerdict | 'next' {
    const { declared, used } = this.matcher;
    const body = this.item + used;
    if (declared?.proof === true || this.frames === HELD_FRAMES || body + this.announced - this.from > HELD_BYTES) return 'failed';
    const blank = declared?.blank === true ? skippedBlank(queue, body, this.announced, this.wholeLimit) : 0;
    if (blank === undefined) return 'more';
    const end = body + blank + this.announced;
    if (end - this.from > HELD_BYTES) return 'failed';
    this.frames += 1;
    return this.advance(end);
  }

  private line(queue: ByteQueue, at: number): ProofVerdict | 'next' {
    const { window } = queue;
    const left = HELD_BYTES - (this.item - this.from) - 1;
    const longest = left < this.lineLimit ? left : this.lineLimit;
    const begin = queue.start + this.searched;
    const stop = window.length < at + longest + 1 ? window.length : at + longest + 1;
    let i = begin;
    while (i < stop && window[i] !== LF) i += 1;
    this.searched = i - queue.start;
    if (i === stop) {
      if (stop <= at + longest) return 'more';
      this.charge(queue, this.searched);
      return 'failed';
    }
    this.charge(queue, this.searched + 1);
    return this.judge(queue, at, i);
  }

  private judge(queue: ByteQueue, at: number, newline: number): ProofVerdict | 'next' {
    const { window } = queue;
    let end = newline;
    while (end > at && window[end - 1] === CR) end -= 1;
    const next = newline + 1 - at + this.item;
    const direct = this.item === this.from;
    // Right behind the payload only CR LF will do: a lost byte would make the count swallow the CR, and LF OK must not prove it.
    if (end === at) return direct && newline - at !== 1 ? 'failed' : this.advance(next);
    if (end - at === 2 && window[at] === 79 && window[at + 1] === 75) return direct ? 'failed' : 'proved';
    return this.interim(queue.view(this.item, end - at)) ? this.advance(next) : 'failed';
  }

  private advance(item: number): 'next' {
    this.item = item;
    this.searched = item;
    this.announced = -1;
    this.matcher.reset();
    return 'next';
  }

  /** Accounts for the bytes from the item to `end`, by absolute place, so that it does not depend on the chunks. */
  private charge(queue: ByteQueue, end: number): void {
    const from = queue.taken + this.item;
    const to = queue.taken + end;
    const known = from > this.looked ? from : this.looked;
    const fresh = to > known ? to - known : 0;
    const credit = this.credit + CREDIT * fresh - (to - from - fresh);
    this.work += to - from;
    this.credit = credit > CREDIT * HELD_BYTES ? CREDIT * HELD_BYTES : credit;
    if (to > this.looked) this.looked = to;
  }
}
