import { catchError, type Observable, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/**
 * The round trip to a host, in ms. Cold: each subscription sends one AT+PING, emits its time and completes (`repeat` pings on).
 * Unsubscribing lets the answer go unheard. Errors: `link`/`timeout` when no echo comes back (safe to repeat), `command`, `usage` (host of 1 to 64 bytes),
 * `module`, `transport`.
 * Document 000 §4.26; document 002 AT+PING.
 */
export const ping = (module: AtModule, host: string): Observable<number> =>
  module.exec(tcpip.ping, { host }).pipe(
    catchError((cause: unknown) =>
      throwError(() =>
        isAtError(cause, 'command') && cause.details['reason'] === 'timeout'
          ? new AtError({ kind: 'link', code: 'timeout', message: `${host} does not answer`, retry: 'safe', cause, details: { host } })
          : cause,
      ),
    ),
  );
