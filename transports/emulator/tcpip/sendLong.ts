import { Subject, type Subscription } from 'rxjs';
import type { Board } from '../board.js';
import { ByteQueue } from '../byteQueue.js';
import type { NetworkEndpoint } from '../network/network.js';
import { text, type Outcome } from '../outcome.js';
import type { SendPhase } from './collect.js';
import type { Link } from './link.js';
import { patience, sent } from './sendPhase.js';

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
