import type { Subscription } from 'rxjs';
import type { Duplex } from '../../socket/socket.js';

/** The sending side of a duplex as a WHATWG stream: a write resolves when the module has accepted the bytes, `close` closes the connection, `abort` gives up the send and closes it. */
export const toWritableStream = (duplex: Duplex): WritableStream<Uint8Array> => {
  let sending: Subscription | undefined;
  const end = (): Promise<void> => new Promise((resolve, reject) => duplex.end().subscribe({ error: reject, complete: resolve }));
  return new WritableStream<Uint8Array>(
    {
      write: (chunk) =>
        new Promise<void>((resolve, reject) => {
          sending = duplex.send(chunk).subscribe({ error: reject, complete: resolve });
        }),
      close: end,
      abort: () => {
        sending?.unsubscribe();
        return end();
      },
    },
    { highWaterMark: 0 },
  );
};
