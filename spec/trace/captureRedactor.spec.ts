import * as fc from 'fast-check';
import { captureRedactor } from '../../lib/index.js';
import { resplit } from '../support/resplit.js';

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
const text = (parts: readonly Uint8Array[]): string => parts.map((part) => String.fromCharCode(...part)).join('');

type Step = readonly ['tx' | 'rx', string];

const secret = 'pa,ss"wo\\rd1';
const escaped = 'pa\\,ss\\"wo\\\\rd1';

const session: readonly Step[] = [
  ['tx', 'AT\r\n'],
  ['rx', 'AT\r\n\r\nOK\r\n'],
  ['tx', `AT+CWJAP="Lab","${escaped}"\r\n`],
  ['rx', `AT+CWJAP="Lab","${escaped}"\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n`],
  ['tx', 'AT+CWSAP?\r\n'],
  ['rx', '+CWSAP:"ap","another secret",5,3,4,0\r\n\r\nOK\r\n'],
  ['tx', 'AT+CIPSEND=0,2\r\n'],
  ['rx', '\r\nOK\r\n\r\n>'],
  ['tx', 'AT'],
  ['rx', '\r\nRecv 2 bytes\r\n\r\nSEND OK\r\n'],
  ['rx', `smartconfig type:ESPTOUCH\r\nssid:x\r\npassword:phone secret\r\n+IPD,0,${String(secret.length)}:${secret}\r\n`],
];

/** The session as a recording holds it, every step cut at the given places. */
const recorded = (cut: (value: Uint8Array) => readonly Uint8Array[]): Step[] => {
  const redact = captureRedactor();
  return session.map(([dir, value]) => {
    const rest = redact.flush(dir === 'tx' ? 'rx' : 'tx');
    expect(rest.length === 0 || text([rest]) === 'AT').toBe(true);
    const parts = cut(bytes(value)).map((part) => redact(part, dir));
    return [dir, text([...parts, redact.flush(dir)])];
  });
};

describe('captureRedactor', () => {
  it('masks commands, echoes, answers, events and what they held, with the same length', () => {
    const shown = recorded((value) => [value]);
    expect(shown.map(([, value]) => value.length)).toEqual(session.map(([, value]) => value.length));
    expect(shown[2]?.[1]).toBe(`AT+CWJAP="Lab","${'*'.repeat(escaped.length)}"\r\n`);
    expect(shown[5]?.[1]).toBe(`+CWSAP:"ap","${'*'.repeat('another secret'.length)}",5,3,4,0\r\n\r\nOK\r\n`);
    const all = shown.map(([, value]) => value).join('');
    for (const word of [secret, escaped, 'another secret', 'phone secret']) expect(all).not.toContain(word);
    expect(all).toContain('WIFI CONNECTED\r\nWIFI GOT IP');
    expect(all).toContain('\r\nOK\r\n\r\n>AT\r\nRecv 2 bytes');
  });

  it('shows nothing of a secret however the bytes are cut, and keeps every length', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 30 }), (lengths) => {
        const shown = recorded((value) => resplit(value, lengths));
        expect(shown.map(([, value]) => value.length)).toEqual(session.map(([, value]) => value.length));
        const all = shown.map(([, value]) => value).join('');
        for (const word of ['ss"wo', 'ss\\"wo', 'another', 'phone s']) expect(all).not.toContain(word);
      }),
      { numRuns: 300 },
    );
  });
});
