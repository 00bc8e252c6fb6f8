import { map, mergeMap, Subject, take, type Observable, type Subscription } from 'rxjs';
import type { Board } from '../board.js';
import type { NetworkEndpoint } from '../network/network.js';
import { text, type Outcome, type Sink } from '../outcome.js';
import { ByteQueue } from '../byteQueue.js';
import type { Link } from './link.js';

/** A prompt with what the module takes after it. */
export interface SendPhase { readonly sink: Sink; readonly result: Observable<Outcome> }

/** Collects `length` bytes and gives them to `done`, once. */
export const collect = (board: Board, length: number, done: (bytes: Uint8Array) => Observable<Outcome>): SendPhase => {
  const queue = new ByteQueue();
  const whole = new Subject<Uint8Array>();
  return {
    sink: {
      get full() {
        return queue.length >= length;
      },
      take(bytes) {
        const taken = bytes.slice(0, length - queue.length);
        queue.push(taken);
        if (queue.length >= length) board.after(board.timing.command, () => whole.next(queue.take(length)));
        return taken.length;
      },
    },
    result: whole.pipe(take(1), mergeMap(done)),
  };
};

const sent = (good: boolean): Outcome => text(good ? '\r\nSEND OK\r\n' : '\r\nSEND FAIL\r\n');

const patience = (board: Board, link: Link): number => board.get('tcp')[link.id]?.sendTimeout ?? 0;

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

/**
 * AT+CIPSENDL=<length>: sent while it arrives, progress in `+CIPSENDL`, ended early by a lone `+++`. Where the link dies or takes nothing in time, the port still takes
 * the announced bytes, for nobody, until the last of them or `+++` (document 002 AT+CIPSENDL).
 */
export const sendLong = (board: Board, link: Link, length: number, to: NetworkEndpoint | undefined): SendPhase => {
  const [report, packet] = board.get('sendReport');
  const pending = new ByteQueue();
  const results = new Subject<Outcome>();
  let received = 0;
  let delivered = 0;
  let reported = 0;
  let sending: Subscription | undefined;
  let over = false;
  let failed = false;
  let quiet: Subscription | undefined;
  let burst = '';

  const end = (outcome: Outcome): void => {
    if (over) return;
    over = true;
    quiet?.unsubscribe();
    sending?.unsubscribe();
    board.after(board.timing.command, () => results.next(outcome));
  };
  const progress = (): void => {
    reported = delivered;
    board.print(`+CIPSENDL:${delivered},${received}\r\n`);
  };
  const flush = (all: boolean): void => {
    if (sending || over) return;
    if (failed) {
      pending.clear();
      if (received >= length) end(sent(false));
      return;
    }
    if (pending.length === 0 || (!all && pending.length < packet && received < length)) {
      if (received >= length && pending.length === 0) {
        if (reported < delivered) progress();
        end(sent(true));
      }
      return;
    }
    const bytes = pending.take(packet);
    sending = board.follow(link.write(bytes, patience(board, link), to), (good) => {
      board.after(0, () => {
        sending = undefined;
        if (!good) {
          failed = true;
          return flush(all);
        }
        delivered += bytes.length;
        if (delivered - reported >= report && delivered < length) progress();
        flush(all);
      });
    });
  };
  const settle = (): void => {
    if (board.receiving()) {
      quiet = board.after(1, settle);
      return;
    }
    if (burst === '+++') {
      received -= 3;
      return end(text('\r\nSEND CANCELLED\r\n'));
    }
    burst = '';
    flush(true);
  };
  return {
    sink: {
      get full() {
        return over || received >= length;
      },
      take(bytes) {
        const taken = bytes.slice(0, length - received);
        received += taken.length;
        const starts = burst === '' ? taken.length <= 3 : burst.length + taken.length <= 3;
        burst = starts ? burst + String.fromCharCode(...taken) : 'data';
        if (burst !== '+++' && !'+++'.startsWith(burst)) {
          if (!/^\+{1,3}$/.test(burst)) burst = 'data';
        }
        pending.push(taken);
        quiet?.unsubscribe();
        if (received >= length) {
          burst = '';
          board.after(board.timing.command, () => flush(true));
        } else {
          quiet = board.after(20, settle);
          if (burst === 'data') flush(false);
        }
        return taken.length;
      },
    },
    result: results,
  };
};
