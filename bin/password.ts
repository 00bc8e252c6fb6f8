import { Observable, of, throwError } from 'rxjs';
import { Exit, exitCode } from './exitCode.js';
import { type Io, tell } from './io.js';

/** Asks on the terminal, without showing what is typed. Cold; leaving it gives the terminal back. */
const prompted = ({ stdin, stderr }: Io, question: string): Observable<string> =>
  new Observable<string>((subscriber) => {
    let typed = '';
    const take = (chunk: Buffer | string): void => {
      for (const key of chunk.toString()) {
        if (key === '\x03') return subscriber.error(new Exit(exitCode.interrupted, 'interrupted'));
        if (key === '\r' || key === '\n' || key === '\x04') {
          subscriber.next(typed);
          return subscriber.complete();
        }
        if (key === '\x7f' || key === '\b') typed = [...typed].slice(0, -1).join('');
        else if (key === '\x15') typed = '';
        else if (key >= ' ') typed += key;
      }
    };
    stderr.write(question);
    stdin.setRawMode?.(true);
    stdin.on('data', take);
    return () => {
      stdin.off('data', take);
      stdin.setRawMode?.(false);
      stdin.pause();
      stderr.write('\n');
    };
  });

/**
 * The password of a network: from the command line (with a warning), from ESP_AT_PASSWORD, or typed at a prompt; empty for an open network.
 * Errors with exit code 2 where there is none of them and no terminal to ask on.
 */
export const password = (io: Io, given: string | undefined, network: string): Observable<string> => {
  if (given !== undefined) {
    tell(io, 'esp-at: warning: other users of this machine can see a password on the command line; set ESP_AT_PASSWORD or type it when asked');
    return of(given);
  }
  const { ESP_AT_PASSWORD: set } = io.env;
  if (set !== undefined) return of(set);
  if (io.stdin.isTTY === true) return prompted(io, `password of ${network} (empty for an open network): `);
  return throwError(() => new Exit(exitCode.usage, 'no password: set ESP_AT_PASSWORD (empty for an open network)'));
};
