/**
 * The layout of one counted head, e.g. `+IPD,0,1460:` or `+CIPRECVDATA:512,`: what stands before a payload whose length it announces.
 * Data, given to the framer by whoever knows the protocol; the framer itself knows no command.
 */
export interface CountedHead {
  /** Literal first bytes, up to and including the delimiter before the first field: `+IPD,`, `+CIPRECVDATA:`. */
  readonly prefix: string;
  /**
   * The byte after the last field; the payload begins right behind it. Fields are separated by commas; quoted fields may hold either, and quotes too: one ends the
   * field only where the rest of a head follows.
   */
  readonly end: ':' | ',';
  /** Which field is the length, by the number of fields. With `end: ','` the first layout decides where the head ends. */
  readonly layouts: readonly { readonly fields: number; readonly length: number }[];
  /** The payload is released only when `OK` follows, directly or after interim lines; else the candidate is scanned again as text. */
  readonly proof?: boolean;
  /** One uncounted blank may stand between `end` and the payload (HTTPCLIENT header lines of AT 2.1). */
  readonly blank?: boolean;
}

/** A head found in the bytes. */
export interface HeadMatch {
  readonly prefix: string;
  /** The head as it stood on the wire, one character per byte, without its end delimiter: `+IPD,0,5,"192.168.4.2",80`. */
  readonly text: string;
  /** Announced payload length in bytes. */
  readonly length: number;
}

/** A line without its CR LF; never empty. The bytes may be a view into the chunk they came in. */
export interface LineFrame { readonly kind: 'line'; readonly bytes: Uint8Array }
/** A counted payload, whole. */
export interface DataFrame { readonly kind: 'data'; readonly head: HeadMatch; readonly payload: Uint8Array }
/** A piece of a counted payload longer than `wholeLimit`; all pieces but the last have that length. */
export interface PartFrame { readonly kind: 'part'; readonly head: HeadMatch; readonly offset: number; readonly payload: Uint8Array; readonly last: boolean }
/** The armed `>`. */
export interface PromptFrame { readonly kind: 'prompt' }
/** Bytes in raw mode, as they came. */
export interface RawFrame { readonly kind: 'raw'; readonly bytes: Uint8Array }
/** Bytes that are no text: before the first newline, or a line over the limit. Only counted. */
export interface NoiseFrame { readonly kind: 'noise'; readonly bytes: number }
/** A counted payload that was given up; what arrived of it is scanned again as text and follows. */
export interface BrokenFrame { readonly kind: 'broken'; readonly head: HeadMatch; readonly received: number; readonly reason: 'unproven' | 'abandoned' }

/** Everything the framer emits, told apart by `kind`. */
export type Frame = LineFrame | DataFrame | PartFrame | PromptFrame | RawFrame | NoiseFrame | BrokenFrame;

/** What follows the armed prompt: lines again, or a raw stream. */
export type AfterPrompt = 'lines' | 'raw';

/** A change of the framer's mode; acts on the very next byte that has not been handed out in a frame. */
export type FramerInstruction =
  | { readonly do: 'arm'; readonly then: AfterPrompt }
  | { readonly do: 'disarm' }
  | { readonly do: 'raw' }
  | { readonly do: 'lines' }
  | { readonly do: 'heads'; readonly heads: readonly CountedHead[] }
  | { readonly do: 'abandon' };

/** What the framer knows of the dialect. */
export interface FramerOptions {
  readonly heads?: readonly CountedHead[];
  /** First bytes of lines that carry unescaped text of others (`+CWLAP:(`, `+CWJAP:"`): no head is looked for inside them. */
  readonly opaque?: readonly string[];
  /** Which complete lines may stand between a payload and the `OK` that proves it. Default: none. */
  readonly interim?: (line: Uint8Array) => boolean;
  /** Longest line in bytes; a longer one is noise. Default 4096. */
  readonly lineLimit?: number;
  /** Longest head in bytes; a longer one is text. Default 512. */
  readonly headLimit?: number;
  /** Longest payload handed over whole, and the length of parts, in bytes. Default 16384. */
  readonly wholeLimit?: number;
}

/** The pure machine behind `frames()`: no Rx, no clock. `feed` takes a chunk over (it is not copied), `next` hands out one frame. */
export interface Framer {
  feed(chunk: Uint8Array): void;
  next(): Frame | undefined;
  instruct(instruction: FramerInstruction): void;
  /** The head of the payload being counted or awaiting its proof, if any: whoever has a clock may `abandon` it. */
  readonly open: HeadMatch | undefined;
}
