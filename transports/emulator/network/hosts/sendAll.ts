import { Observable } from 'rxjs';
import type { HostSocket } from '../hostSocket.js';

/** Sends all of `bytes`, waiting for room as often as needed. Cold; emits nothing, completes when the socket took the last byte or is gone. */
export const sendAll = (socket: HostSocket, bytes: Uint8Array): Observable<never> =>
  new Observable((subscriber) => {
    let offset = 0;
    const go = (): void => {
      offset += socket.send(bytes.subarray(offset));
      if (offset === bytes.length) subscriber.complete();
    };
    go();
    if (subscriber.closed) return;
    subscriber.add(
      socket.writable.subscribe({
        next: go,
        error: (cause) => { subscriber.error(cause); },
        complete: () => { subscriber.complete(); },
      }),
    );
  });
