import fc from 'fast-check';
import { createParting, type Parted } from '../../lib/exchange/parting.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const string = (data: Uint8Array): string => String.fromCharCode(...data);
const shown = ({ peer, rest, certain }: Parted): unknown => ({ peer: string(peer), rest: string(rest), certain });

interface Story {
  readonly before: string;
  readonly quit: boolean;
  readonly between: string;
  readonly middle: string;
  readonly after: string;
  readonly last: string;
}

const quitted = '\r\n+QUITT\r\n';
/** Bytes of a peer that says nothing a module would say. */
const speech = fc.array(fc.constantFrom('\r', '\n', '+', 'O', 'K', 'C', '\0', '>', ':'), { maxLength: 12 }).map((parts) => parts.join('')).filter((text) => !text.includes('\r\nOK\r\n'));

const story = fc.record<Story>({ before: speech, quit: fc.boolean(), between: speech, middle: speech, after: speech, last: speech });

/** Feeds a story in pieces of the given lengths, asking as the answers come. */
const told = ({ before, quit, between, middle, after, last }: Story, cuts: readonly number[]): Parted => {
  const parting = createParting();
  let turn = 0;
  const feed = (text: string): string[] => {
    const replies: string[] = [];
    let at = 0;
    while (at < text.length) {
      const size = cuts[turn % cuts.length] ?? 1;
      turn += 1;
      const reply = parting.feed(bytes(text.slice(at, at + size)));
      if (reply !== undefined) replies.push(reply.kind);
      at += size;
    }
    return replies;
  };
  expect(feed(before + (quit ? quitted : '') + between)).toEqual([]);
  parting.asked('mode');
  expect(feed(`+CIPMODE:1\r\n\r\nOK\r\n`)).toEqual(['mode']);
  parting.asked('end');
  expect(feed(`${middle}\r\nOK\r\n`)).toEqual(['ended']);
  parting.asked('proof');
  expect(feed(`${after}+CIPMODE:0\r\nOK\r\n`)).toEqual(['proved']);
  feed(last);
  return parting.part(quit);
};

test('takes the answers out of what the peer says, however it is cut', () => {
  fc.assert(
    fc.property(story, fc.array(fc.integer({ min: 1, max: 30 }), { minLength: 1, maxLength: 6 }), (parts, cuts) => {
      const { before, between, middle, after, last } = parts;
      const joined = before + between + middle;
      // An answer may begin with what the peer said last.
      fc.pre(!/\r\nOK\r\n/.test(`${middle}\r\nOK\r\n`.slice(0, -1)) && !`${after}+`.includes('\r\nOK\r\n'));
      expect(shown(told(parts, cuts))).toEqual({ peer: joined, rest: after + last, certain: true });
    }),
    { seed: 1, numRuns: 2000 },
  );
});

test.each([
  ['a mode before it was asked for', '+CIPMODE:1\r\n\r\nOK\r\n', ''],
  ['an OK too many', '', '\r\nOK\r\n'],
])('is not certain of %s', (_, before, middle) => {
  const parting = createParting();
  parting.feed(bytes(before));
  parting.asked('mode');
  parting.feed(bytes('+CIPMODE:1\r\n\r\nOK\r\n'));
  parting.asked('end');
  parting.feed(bytes(`\r\nOK\r\n${middle}`));
  parting.asked('proof');
  parting.feed(bytes('+CIPMODE:0\r\n\r\nOK\r\n'));
  expect(parting.part(false).certain).toBe(false);
});

test('+QUITT is the peer\'s where the module says none, and doubtful where it came twice', () => {
  const parting = createParting();
  parting.feed(bytes(quitted + quitted));
  parting.asked('mode');
  expect(parting.feed(bytes('AT+CIPMODE?\r\n+CIPMODE:0\r\n\r\nOK\r\n'))).toEqual({ kind: 'mode', on: false, echoed: true });
  expect(shown(parting.part(false))).toEqual({ peer: quitted + quitted, rest: '', certain: true });
  expect(parting.part(true).certain).toBe(false);
});
