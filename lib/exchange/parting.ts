import { fromLatin1, latin1 } from '../codec/latin1.js';

/** What the module is asked while its answers stand in the peer's stream. */
export type Question = 'mode' | 'end' | 'proof';

/** An answer to the question that was asked last. */
export type Reply = { readonly kind: 'mode'; readonly on: boolean; readonly echoed: boolean } | { readonly kind: 'ended' } | { readonly kind: 'proved' } | { readonly kind: 'refused' };

/** What came since `+++`, taken apart. */
export interface Parted {
  readonly peer: Uint8Array;
  /** What the module said after the stream was over. */
  readonly rest: Uint8Array;
  /** False: something in it may be the peer's or the module's. */
  readonly certain: boolean;
}

/** Collects what comes between `+++` and the end of a raw stream, and finds the module's answers in it. */
export interface Parting {
  readonly length: number;
  /** Only what comes from now on can answer. */
  asked(question: Question): void;
  feed(bytes: Uint8Array): Reply | undefined;
  /** `quit`: the module says +QUITT when it leaves. */
  part(quit: boolean): Parted;
}

interface Mark {
  readonly from: number;
  readonly to: number;
}

// The blank line before OK is missing in some answers of some releases (PROTOCOL section 10): accepted both ways.
const patterns: Readonly<Record<Question, RegExp>> = {
  mode: /(AT\+CIPMODE\?\r\n)?\+CIPMODE:([01])\r\n(?:\r\n)?OK\r\n/,
  end: /\r\nOK\r\n/,
  proof: /\+CIPMODE:0\r\n(?:\r\n)?OK\r\n/,
};
const refusal = /\r\nERROR\r\n/;
const quitted = '\r\n+QUITT\r\n';
/** Longer than any answer with its echo. */
const reach = 64;

const count = (text: string, pattern: RegExp): number => text.match(new RegExp(pattern, 'g'))?.length ?? 0;

const without = (text: string, part: string): string => {
  const at = text.indexOf(part);
  return at < 0 ? text : text.slice(0, at) + text.slice(at + part.length);
};

/** An empty record. */
export const createParting = (): Parting => {
  const chunks: Uint8Array[] = [];
  const marks: Partial<Record<Question, Mark>> = {};
  let length = 0;
  let tail = '';
  let question: Question | undefined;
  let since = 0;

  const reply = (asked: Question, [text, echo, digit]: RegExpExecArray, from: number): Reply => {
    marks[asked] = { from, to: from + text.length };
    question = undefined;
    if (asked === 'mode') return { kind: 'mode', on: digit === '1', echoed: echo !== undefined };
    return { kind: asked === 'end' ? 'ended' : 'proved' };
  };

  return {
    get length() {
      return length;
    },
    asked: (next) => {
      question = next;
      since = length;
    },
    feed: (bytes) => {
      const start = length - tail.length;
      const text = tail + latin1(bytes);
      chunks.push(bytes);
      length += bytes.length;
      tail = text.slice(-reach);
      if (question === undefined) return undefined;
      const skipped = Math.max(0, since - start);
      const window = text.slice(skipped);
      const found = patterns[question].exec(window);
      if (found !== null) return reply(question, found, start + skipped + found.index);
      const refused = refusal.exec(window);
      if (refused === null) return undefined;
      since = start + skipped + refused.index + refused[0].length;
      return { kind: 'refused' };
    },
    part: (quit) => {
      const text = chunks.map(latin1).join('');
      const { mode = { from: text.length, to: text.length }, end, proof } = marks;
      const before = text.slice(0, mode.from);
      const over = end ?? mode;
      const between = end === undefined ? '' : text.slice(mode.to, end.from);
      const after = proof === undefined ? text.slice(over.to) : text.slice(over.to, proof.from) + text.slice(proof.to);
      const sure =
        count(before, patterns.mode) === 0 &&
        (end === undefined || (count(text.slice(mode.to, proof?.from), patterns.end) === 1 && count(text.slice(mode.to), patterns.mode) === 1)) &&
        (!quit || count(before + between, /\r\n\+QUITT\r\n/) <= 1);
      return { peer: fromLatin1((quit ? without(before, quitted) : before) + between), rest: fromLatin1(after), certain: sure };
    },
  };
};
