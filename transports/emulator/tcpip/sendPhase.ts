import { map, mergeMap, Subject, take, type Observable } from 'rxjs';
import type { Board } from '../board.js';
import type { NetworkEndpoint } from '../network/network.js';
import { text, type Outcome } from '../outcome.js';
import { collect, type SendPhase } from './collect.js';
import type { Link } from './link.js';

/** What became of the bytes. */
export const sent = (good: boolean): Outcome => text(good ? '\r\nSEND OK\r\n' : '\r\nSEND FAIL\r\n');

/** How long the bytes of a link may wait, in milliseconds; 0: for ever. */
export const patience = (board: Board, link: Link): number => board.get('tcp')[link.id]?.sendTimeout ?? 0;

/** The end of CIPSEND and CIPSENDEX: `Recv`, then what became of the bytes. */
const pass = (board: Board, link: Link, to: NetworkEndpoint | undefined) => (bytes: Uint8Array): Observable<Outcome> => {
  board.print(`\r\nRecv ${bytes.length} bytes\r\n`);
  return link.write(bytes, patience(board, link), to).pipe(map(sent));
};

/** AT+CIPSEND=<length>: exactly so many bytes; nothing ends it before. */
export const sendExact = (board: Board, link: Link, length: number, to: NetworkEndpoint | undefined): SendPhase =>
  collect(board, length, pass(board, link, to));

/** AT+CIPSENDEX=<length>: so many bytes, or up to `\0` written as two characters. */
export const sendUntilNul = (board: Board, link: Link, length: number, to: NetworkEndpoint | undefined): SendPhase => {
  const out: number[] = [];
  let escaped = false;
  let full = false;
  const whole = new Subject<Uint8Array>();
  const finish = (): void => {
    full = true;
    board.after(board.timing.command, () => whole.next(Uint8Array.from(out)));
  };
  /** Takes one byte; `escaped` means the byte before was an open backslash, which stands in `out` already. */
  const put = (byte: number): void => {
    const backslash = byte === 0x5c;
    if (escaped && byte === 0x30) {
      out.pop();
      return finish();
    }
    // 4.1: `\\` is one backslash that opens nothing; 2.0 knows no escape and ends at the `\0` behind it.
    if (escaped && backslash && board.profile.style.nulEscaped) escaped = false;
    else {
      out.push(byte);
      escaped = backslash;
    }
    if (out.length >= length) finish();
  };
  return {
    sink: {
      get full() {
        return full;
      },
      take(bytes) {
        let at = 0;
        while (at < bytes.length && !full) {
          put(bytes[at] as number);
          at += 1;
        }
        return at;
      },
    },
    result: whole.pipe(take(1), mergeMap(pass(board, link, to))),
  };
};
