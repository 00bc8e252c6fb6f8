import { Observable, type Subscription } from 'rxjs';
import type { HostSocket } from '../hostSocket.js';

/** How fast chunks go out at most; as fast as the module's window allows by default. */
export interface Pace {
  /** Bytes per second. */
  readonly rate?: number;
  /** Milliseconds from one chunk to the next. */
  readonly interval?: number;
}

// A paced chunk goes out in pieces of a segment, not in one burst.
const piece = 1440;
// Sums of fractions of a millisecond miss by less than this; a shorter wait would not move a virtual clock at all.
const clockError = 1e-6;

/** Sends chunk after chunk, drawing the next one only when the last one is taken. Cold; emits nothing, completes at the end of `chunks` or of the connection. */
export const pour = (socket: HostSocket, chunks: Iterable<Uint8Array>, { rate, interval = 0 }: Pace = {}): Observable<never> =>
  new Observable((subscriber) => {
    const { scheduler } = socket;
    const iterator = chunks[Symbol.iterator]();
    const start = scheduler.now();
    let drawn = 0;
    let sent = 0;
    let chunk: Uint8Array = new Uint8Array(0);
    let offset = 0;
    let timer: Subscription | undefined;

    const draw = (): boolean => {
      const next = iterator.next();
      if (next.done === true) {
        subscriber.complete();
        return false;
      }
      chunk = next.value;
      offset = 0;
      drawn += 1;
      return true;
    };
    const dueIn = (bytes: number): number => {
      const byInterval = (drawn - 1) * interval;
      const byRate = rate === undefined ? 0 : ((sent + bytes) * 1000) / rate;
      return start + Math.max(byInterval, byRate) - scheduler.now();
    };
    const go = (): void => {
      while (!subscriber.closed && timer === undefined) {
        if (offset === chunk.length && !draw()) return;
        const want = rate === undefined ? chunk.length - offset : Math.min(piece, chunk.length - offset);
        const wait = dueIn(want);
        if (wait > clockError) {
          timer = scheduler.schedule(() => {
            timer = undefined;
            go();
          }, wait);
          return;
        }
        const taken = socket.send(chunk.subarray(offset, offset + want));
        offset += taken;
        sent += taken;
        if (taken < want) return;
      }
    };
    subscriber.add(
      socket.writable.subscribe({
        next: go,
        error: (cause) => { subscriber.error(cause); },
        complete: () => { subscriber.complete(); },
      }),
    );
    subscriber.add(() => {
      timer?.unsubscribe();
      iterator.return?.();
    });
    go();
  });
