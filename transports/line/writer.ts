import { Observable } from 'rxjs';
import type { AtError } from '../../lib/transport.js';
import { overlapping } from './lineError.js';

/**
 * The `write` of a connection: cold, one at a time. `start` hands the bytes to the port and calls `done` once, when it took or refused them.
 * A write whose subscriber left still counts until `done`: its bytes are on their way, and others must not get between them.
 */
export const writer = (start: (bytes: Uint8Array, done: (error?: AtError) => void) => void) => {
  let busy = false;
  return (bytes: Uint8Array): Observable<never> =>
    new Observable<never>((subscriber) => {
      if (busy) {
        subscriber.error(overlapping('a write'));
        return;
      }
      busy = true;
      start(bytes, (error) => {
        busy = false;
        if (error) subscriber.error(error);
        else subscriber.complete();
      });
    });
};
