import { concat, EMPTY, ignoreElements, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';

/** What the module is told of time in passthrough; both stay until it restarts. */
export interface PassageTimes {
  /** From the loss of the connection to the next attempt to restore it, and between attempts, in ms: a multiple of 100, 100 to 3600000. Default what the module has, 100. */
  readonly reconnectInterval?: number;
  /** Longest wait for more bytes before what has come is sent, in ms, 0 to 1000; AT 2.2 and later (`unsupported`). Default what the module has, 20. */
  readonly sendInterval?: number;
}

/** AT+TRANSINTVL and AT+CIPRECONNINTV where they are given. Cold. */
export const setPassageTimes = (module: AtModule, { reconnectInterval, sendInterval }: PassageTimes): Observable<never> =>
  concat(
    sendInterval === undefined ? EMPTY : module.exec(tcpip.sendInterval, { interval: sendInterval }),
    reconnectInterval === undefined ? EMPTY : module.exec(tcpip.reconnectInterval, { interval: reconnectInterval / 100 }),
  ).pipe(ignoreElements());
