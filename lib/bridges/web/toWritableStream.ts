import { Subscription } from 'rxjs';
import type { Duplex } from '../../socket/socket.js';

/** Every host since 2021 has it; the types of Node 20 do not. */
interface Aborting {
  readonly signal: AbortSignal;
}

/**
 * The sending side of a duplex as a WHATWG stream, one write at a time: `write` resolves when the module's stack has accepted the bytes, `close` closes the
 * connection, `abort` gives up the write at a slice boundary and closes it at once. Errors are those of the duplex.
 */
export const toWritableStream = (duplex: Duplex): WritableStream<Uint8Array> => {
  let sending: Subscription | undefined;
  const end = (): Promise<void> => new Promise((resolve, reject) => duplex.end().subscribe({ error: reject, complete: resolve }));
  return new WritableStream<Uint8Array>({
    write: (chunk, controller) =>
      new Promise<void>((resolve, reject) => {
        const { signal } = controller as unknown as Aborting;
        // A stream calls `abort` only after the write under way has settled, which an unwilling peer may delay for ever: its signal comes at once.
        const giveUp = (): void => reject(signal.reason as Error);
        signal.addEventListener('abort', giveUp, { once: true });
        sending = new Subscription(() => signal.removeEventListener('abort', giveUp));
        sending.add(duplex.send(chunk).subscribe({ error: reject, complete: resolve }));
      }).finally(() => sending?.unsubscribe()),
    close: end,
    abort: end,
  });
};
