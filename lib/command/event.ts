import type { Line } from '../codec/line.js';
import { lineWord } from '../codec/line.js';

/** An unsolicited result code, declared like the lines of commands. */
export interface EventDeclaration<A = unknown> {
  /** The word on the wire, without values: `+IPD`, `CONNECT`, `WIFI GOT IP`. */
  readonly name: string;
  readonly line: Line<A>;
  readonly doc: string;
  readonly source: string;
}

/** Something the module said by itself. */
export interface AtEvent<A = Readonly<Record<string, unknown>>> {
  readonly name: string;
  readonly fields: A;
  readonly payload?: Uint8Array;
}

/** Declares an event. */
export const event = <A>(init: { readonly name?: string; readonly line: Line<A>; readonly doc: string; readonly source: string }): EventDeclaration<A> => ({
  ...init,
  name: init.name ?? lineWord(init.line.prefix),
});
