import { Observable, type Subscriber } from 'rxjs';
import type { AtError } from '../../lib/transport.js';
import { overlapping } from './lineError.js';

/** The receiving half of a connection: what a port pushes in, one subscriber takes out. */
export interface Inlet {
  /** Hot, but nothing is lost while nobody listens or the line is held: it waits here. A second subscriber errors `usage`/`overlap`. */
  readonly incoming: Observable<Uint8Array>;
  /** Bytes that wait to be taken. */
  readonly waiting: number;
  push(chunk: Uint8Array): void;
  /** The orderly end: after all that waits. */
  complete(): void;
  /** The line is lost: what waits is handed over and the error follows at once, held or not. */
  fail(error: AtError): void;
  hold(on: boolean): void;
}

/**
 * Makes an inlet. `onFlow` is told when bytes begin and cease to be wanted (there is a subscriber and the line is not held),
 * so that the port stops reading: then at most what it had already asked for waits here. `onTaken` is told the length of each chunk taken.
 */
export const inlet = (onFlow: (flowing: boolean) => void, onTaken?: (bytes: number) => void): Inlet => {
  const queue: Uint8Array[] = [];
  let waiting = 0;
  let held = false;
  let flowing = false;
  let emptying = false;
  let over: { readonly error?: AtError } | undefined;
  let reader: Subscriber<Uint8Array> | undefined;

  const finish = (to: Subscriber<Uint8Array>) => (over?.error ? to.error(over.error) : to.complete());

  const empty = () => {
    // A consumer may hold, release or unsubscribe from inside its `next`: one loop, which looks again after each chunk.
    if (emptying) return;
    emptying = true;
    while (reader && queue.length > 0 && (!held || over?.error)) {
      const chunk = queue.shift()!;
      waiting -= chunk.length;
      reader.next(chunk);
      onTaken?.(chunk.length);
    }
    emptying = false;
    if (reader && over && queue.length === 0) finish(reader);
    tellFlow();
  };

  const tellFlow = () => {
    const wanted = reader !== undefined && !held && over === undefined;
    if (wanted === flowing) return;
    flowing = wanted;
    onFlow(wanted);
  };

  return {
    incoming: new Observable<Uint8Array>((subscriber) => {
      if (reader) {
        subscriber.error(overlapping('reading of this line'));
        return undefined;
      }
      reader = subscriber;
      empty();
      return () => {
        if (reader === subscriber) reader = undefined;
        tellFlow();
      };
    }),
    get waiting() {
      return waiting;
    },
    push: (chunk) => {
      if (over || chunk.length === 0) return;
      queue.push(chunk);
      waiting += chunk.length;
      empty();
    },
    complete: () => {
      over ??= {};
      empty();
    },
    fail: (error) => {
      if (over?.error) return;
      over = { error };
      empty();
    },
    hold: (on) => {
      held = on;
      // Stopping comes before any chunk, releasing after what waits: so order is kept.
      if (on) tellFlow();
      else empty();
    },
  };
};
