import { Observable, Subscription } from 'rxjs';
import type { Board } from '../board.js';
import type { NetworkEndpoint } from '../network/network.js';
import type { Channel } from './channel.js';

/** What writing needs of a link. */
export interface Outlet {
  readonly channel: Channel;
  readonly closed: boolean;
  /** Hot: the link has left the table. */
  readonly gone: Observable<void>;
  /** Bytes go either way. */
  used(): void;
}

/** Cold. Hands bytes to the stack; emits true when all were taken, false when the link died or `patience` ms passed (0: no limit), and completes. */
export const handOver = (board: Board, outlet: Outlet, bytes: Uint8Array, patience: number, to: NetworkEndpoint | undefined): Observable<boolean> =>
  new Observable<boolean>((subscriber) => {
    const { channel } = outlet;
    let rest = bytes;
    const finish = (sent: boolean): void => {
      subscriber.next(sent);
      subscriber.complete();
    };
    const push = (): void => {
      if (subscriber.closed) return;
      if (outlet.closed) return finish(false);
      outlet.used();
      rest = rest.subarray(channel.send(rest, to));
      if (rest.length === 0) finish(true);
    };
    push();
    if (subscriber.closed) return undefined;
    const fail = (): void => finish(false);
    const waiting = new Subscription();
    waiting.add(channel.writable.subscribe({ next: push, error: fail, complete: fail }));
    waiting.add(outlet.gone.subscribe({ next: fail, error: fail }));
    if (patience > 0) waiting.add(board.after(patience, fail));
    return waiting;
  });
