import { fromLatin1, latin1 } from '../codec/latin1.js';

/** What a raw prompt makes of the bytes so far. */
export type RawOpening = { readonly kind: 'prompt'; readonly peer: Uint8Array } | { readonly kind: 'refused' };

/** Finds the answer to a passthrough command in a stream that already carries the peer's bytes. */
export interface RawPrompt {
  feed(bytes: Uint8Array): RawOpening | undefined;
  /** Everything so far. */
  readonly taken: Uint8Array;
}

// 2.x prints OK and prompt one after the other, NONOS a blank behind `>` instead of a line end before it (PROTOCOL section 1.4).
const prompt = /\r\nOK\r\n(?:\r\n>|> |([\s\S]*?)\r\n>)/;
const refusal = /\r\n(?:ERROR|busy p\.\.\.)\r\n/;

/** With AT+CIPMODE=1 the peer's bytes come as they are even before the prompt (recorded on 2.0 and 4.1). */
export const createRawPrompt = (): RawPrompt => {
  let text = '';
  return {
    feed: (bytes) => {
      text += latin1(bytes);
      const found = prompt.exec(text);
      if (found === null) return refusal.test(text) ? { kind: 'refused' } : undefined;
      const [whole, between = ''] = found;
      return { kind: 'prompt', peer: fromLatin1(text.slice(0, found.index) + between + text.slice(found.index + whole.length)) };
    },
    get taken() {
      return fromLatin1(text);
    },
  };
};
