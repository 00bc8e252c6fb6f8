import { catchError, map, type Observable, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/** What kind of address is asked for. */
export interface ResolveConfig {
  /** Which kind of address: either, IPv4 or IPv6. Default the firmware's own choice. Document 002 only. */
  readonly network?: 'any' | 'ipv4' | 'ipv6';
}

/**
 * The address of a host, found by the module. Cold: on subscribe it sends AT+CIPDOMAIN, emits one address and completes; an address is answered as it is.
 * Unsubscribing lets the answer go unheard. Without network it takes 6 s (2.0) to 21 s (4.1) to fail.
 * Errors: `link`/`unresolved` (no such name, or no name server; safe to repeat), `unsupported` (`network` before 2.2), `command`,
 * `usage` (host of 1 to 64 bytes), `module`, `transport`.
 * Document 000 §4.2; document 002 AT+CIPDOMAIN.
 */
export const resolve = (module: AtModule, host: string, { network }: ResolveConfig = {}): Observable<string> =>
  module.exec(tcpip.resolve, { host, ...(network === undefined ? {} : { network }) }).pipe(
    map(({ address }) => address),
    catchError((cause: unknown) =>
      throwError(() =>
        isAtError(cause, 'command') && cause.code === 'rejected' && cause.retry === 'safe'
          ? new AtError({ kind: 'link', code: 'unresolved', message: `${host} could not be resolved`, retry: 'safe', cause, details: { host } })
          : cause,
      ),
    ),
  );
