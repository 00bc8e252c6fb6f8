import { firstValueFrom, NEVER, Observable, Subject, type Subscription } from 'rxjs';
import type { Connection, Transport } from '../../lib/transport.js';

/** Waits until `condition` holds. The test's own time limit comes first; a wait that outlived it would keep the process alive. */
export const until = async (condition: () => boolean): Promise<void> => {
  const end = Date.now() + 60_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
};

/** Lets real time pass, to see that nothing happens. */
export const pass = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Subscribes, keeps the subscription and gives the first value. */
export const opened = async <T>(source: Observable<T>): Promise<{ readonly value: T; readonly subscription: Subscription }> => {
  const values = new Subject<T>();
  const first = firstValueFrom(values);
  const subscription = source.subscribe(values);
  return { value: await first, subscription };
};

/** A line that sends back what it gets, and counts. */
export const echoTransport = () => {
  const state = { opened: 0, closed: 0, holds: [] as boolean[], written: 0, overlaps: 0 };
  const out = new Subject<Uint8Array>();
  const gone = new Subject<never>();
  let held = false;
  let kept: Uint8Array[] = [];
  const say = (bytes: Uint8Array): void => {
    if (held) kept.push(bytes);
    else out.next(bytes);
  };
  let writing = false;
  const connection: Connection = {
    incoming: new Observable((subscriber) => {
      const both = out.subscribe(subscriber);
      both.add(gone.subscribe(subscriber));
      return both;
    }),
    hold: (on) => {
      state.holds.push(on);
      held = on;
      if (on) return;
      const waiting = kept;
      kept = [];
      waiting.forEach(say);
    },
    write: (bytes) =>
      new Observable<never>((subscriber) => {
        if (writing) state.overlaps += 1;
        writing = true;
        state.written += bytes.length;
        setImmediate(() => {
          writing = false;
          say(bytes.slice());
          subscriber.complete();
        });
      }),
  };
  const transport: Transport = {
    open: () =>
      new Observable((subscriber) => {
        state.opened += 1;
        subscriber.next(connection);
        subscriber.add(NEVER.subscribe());
        return () => { state.closed += 1; };
      }),
  };
  return { transport, state, say, gone };
};
