import { BehaviorSubject, Observable, type Subscriber, type Subscription } from 'rxjs';
import type { Board } from '../board.js';
import { ByteQueue } from '../byteQueue.js';
import type { HttpUpload } from '../network/httpClient.js';
import type { Outcome } from '../outcome.js';
import type { SendPhase } from '../tcpip/collect.js';

/** A piece as it goes to the stack, and how much waits for the server before the module takes no more off its line. */
const piece = 2048;
const most = 4 * piece;

/**
 * Takes `length` bytes off the line and hands them on while they come. `send` makes the request at once; `held` is true until the body has ended.
 * Once it has failed, or the server has taken nothing for `patience` ms, the rest is taken and thrown away: the module counts whatever the server does.
 * The outcome, `failed` where there is none, is told when the count is full.
 */
export const passOn = (
  board: Board,
  length: number,
  patience: number,
  failed: Outcome,
  send: (body: HttpUpload, held: BehaviorSubject<boolean>) => Observable<Outcome>,
): SendPhase => {
  const queue = new ByteQueue();
  const held = new BehaviorSubject(true);
  let received = 0;
  let whole = false;
  let lost = false;
  let watch: Subscription | undefined;
  let giveUp = (): void => undefined;
  let reader: Subscriber<Uint8Array> | undefined;
  let tell: (() => void) | undefined;

  const mind = (): void => {
    watch?.unsubscribe();
    watch = queue.length > 0 && reader === undefined ? board.after(patience, () => giveUp()) : undefined;
    board.holdInput(queue.length >= most);
  };
  const give = (): void => {
    const waiting = reader;
    if (waiting === undefined || (queue.length === 0 && !whole)) return mind();
    reader = undefined;
    const bytes = queue.take(piece);
    mind();
    if (bytes.length > 0) waiting.next(bytes);
    else held.next(false);
    waiting.complete();
  };
  const body: HttpUpload = {
    length,
    read: () =>
      new Observable<Uint8Array>((subscriber) => {
        reader = subscriber;
        give();
      }),
  };
  const full = (): void => {
    whole = true;
    give();
    tell?.();
  };
  return {
    sink: {
      get full() {
        return received >= length;
      },
      take(bytes) {
        const taken = bytes.slice(0, length - received);
        received += taken.length;
        if (!lost) queue.push(taken);
        if (received >= length) board.after(board.timing.command, full);
        give();
        return taken.length;
      },
    },
    result: new Observable<Outcome>((subscriber) => {
      const over = (outcome: Outcome): void => {
        watch?.unsubscribe();
        if (whole) return subscriber.next(outcome);
        lost = true;
        queue.clear();
        board.holdInput(false);
        tell = () => subscriber.next(outcome);
      };
      const request = send(body, held).subscribe({ next: over, error: (cause: unknown) => subscriber.error(cause) });
      giveUp = () => {
        request.unsubscribe();
        over(failed);
      };
      subscriber.add(request);
    }),
  };
};
