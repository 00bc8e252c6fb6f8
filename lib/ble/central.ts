import { defer, filter, map, merge, mergeMap, Observable, take, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { ofEvent } from '../command/index.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { createBelongings } from './belongings.js';
import type { BleConnection } from './bleConnection.js';
import { bleRole } from './bleRole.js';
import { connectPeer } from './connectPeer.js';
import type { BleConnectOptions } from './establish.js';
import { type Advert, type BleScanOptions, scan } from './scan.js';

/** A connection has come or gone. */
export interface BleLinkEvent {
  readonly event: 'connected' | 'disconnected';
  readonly connection: number;
  readonly address: string;
}

/** The module as a central. */
export interface Central {
  /** Hot: connections as they come and go, whoever made them. Completes with the module. */
  readonly events: Observable<BleLinkEvent>;
  /**
   * Adverts as they are heard, each device again and again. Cold: on subscribe [AT+BLESCANPARAM], AT+BLESCAN=1; completes after `duration`; AT+BLESCAN=0 in the
   * background then and on unsubscribe. One at a time. Errors: `usage` (second-scan, address, window, duration) and `unsupported` before a byte is sent, `command`
   * (rejected, timeout), `module`/`reset`. Document 000 §5.5.
   */
  scan(options?: BleScanOptions): Observable<Advert>;
  /**
   * A connection to a peripheral. Cold: on subscribe AT+BLECONN? for a free number and AT+BLECONN, one after the other where several are asked for; emits one
   * `BleConnection`, never completes. Unsubscribing disconnects in the background, for which the next one waits; an attempt under way runs to its end first. Errors:
   * `usage` (address, timeout), `link`: `refused` (not found), `none-free`, `lost` (the peer is gone), `closed` (the central was unsubscribed); `command`, `module`/`reset`.
   * Document 000 §5.12.
   */
  connect(address: string, options?: BleConnectOptions): Observable<BleConnection>;
}

const linkEvents = ({ events: said }: AtModule): Observable<BleLinkEvent> =>
  merge(
    said.pipe(
      ofEvent(events.bleConnected),
      filter(({ fields }) => !fields.failed),
      map(({ fields: { connection, address = '' } }): BleLinkEvent => ({ event: 'connected', connection, address })),
    ),
    said.pipe(
      ofEvent(events.bleDisconnected),
      map(({ fields: { connection, address } }): BleLinkEvent => ({ event: 'disconnected', connection, address })),
    ),
  );

/**
 * The module as a BLE central (GATT client). Cold: on subscribe AT+BLEINIT=1, once for all who use it; emits a `Central` when that is in force, and the same one again after
 * each restart of the module, when what was open is gone: use `switchMap`. Completes with the module. Unsubscribing disconnects what was connected by it, then AT+BLEINIT=0,
 * in the background: the role is in use until then. Errors: `usage`/`role` (a peripheral until the restart, HID or BluFi now) before a byte is sent, `unsupported`, `command`. Document 000 chapter 5.
 */
export const central = (module: AtModule): Observable<Central> =>
  new Observable<Central>((subscriber) => {
    const belongings = createBelongings();
    const held = bleRole(module, 'client');
    const over = (): AtError => new AtError({ kind: 'usage', code: 'role', message: 'this central was unsubscribed' });
    // After a restart nothing is sent before the role is in force again.
    const inRole = <T>(project: () => Observable<T>): Observable<T> => defer(() => (subscriber.closed ? throwError(over) : held.pipe(take(1), mergeMap(project))));
    const made: Central = {
      events: linkEvents(module),
      scan: (options = {}) => inRole(() => scan(module, belongings, options)),
      connect: (address, options = {}) => inRole(() => connectPeer(module, belongings, address, options)),
    };
    const role = held.subscribe({
      next: () => subscriber.next(made),
      error: (error: unknown) => subscriber.error(error),
      complete: () => subscriber.complete(),
    });
    return () => {
      const off = (): void => role.unsubscribe();
      belongings.closeAll().subscribe({ error: off, complete: off });
    };
  });
