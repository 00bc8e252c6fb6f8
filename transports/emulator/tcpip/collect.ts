import { mergeMap, Subject, take, type Observable } from 'rxjs';
import type { Board } from '../board.js';
import { ByteQueue } from '../byteQueue.js';
import type { Outcome, Sink } from '../outcome.js';

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
