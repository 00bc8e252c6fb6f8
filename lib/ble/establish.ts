import { BehaviorSubject, catchError, defer, EMPTY, filter, finalize, ignoreElements, map, merge, mergeMap, type Observable, of, take, takeUntil, throwError, timeout } from 'rxjs';
import { concat } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { ofEvent, type Parameters } from '../command/index.js';
import * as ble from '../commands/ble.js';
import * as events from '../events/events.js';
import { restarted } from '../features/restarted.js';
import type { AtModule } from '../module/atModule.js';
import { changing, inTurn } from './clientState.js';

/** How a connection is made. */
export interface BleConnectOptions {
  /** Kind of the peer's address, as its adverts say. Default `public`. */
  readonly type?: Parameters<typeof ble.connect>['type'] | undefined;
  /** How long the peer is looked for, 3000 to 30000 ms, in whole seconds. Default 30000. */
  readonly timeout?: number;
}

/** What the outcome may take longer than the search, in ms. */
const grace = 5000;
/** How long the module may take to say that a connection has ended, in ms: the supervision timeout is shorter. */
const farewell = 10_000;

const refused = (address: string, cause?: unknown): AtError =>
  new AtError({ kind: 'link', code: 'refused', message: `${address} could not be connected`, retry: 'safe', details: { address }, ...(cause === undefined ? {} : { cause }) });

/** Whether a connection is open, as the module tells it: with its word for it before or after OK. */
const told = ({ events: said }: AtModule, connection: number): Observable<boolean> =>
  merge(
    said.pipe(ofEvent(events.bleConnected), filter(({ fields }) => fields.connection === connection), map(({ fields }) => !fields.failed)),
    said.pipe(ofEvent(events.bleDisconnected), filter(({ fields }) => fields.connection === connection), map(() => false)),
  );

const freeConnection = (module: AtModule): Observable<number> =>
  module.exec(ble.connectionsQuery).pipe(
    map((open) => Array.from({ length: module.dialect.capabilities.bleConnections }, (_, index) => index).find((index) => !open.some(({ connection }) => connection === index))),
    mergeMap((free) => (free === undefined ? throwError(() => new AtError({ kind: 'link', code: 'none-free', message: 'every BLE connection is in use', retry: 'safe' })) : of(free))),
  );

const attempt = (module: AtModule, connection: number, address: string, { type, timeout: patience = 30_000 }: BleConnectOptions): Observable<number> =>
  defer(() => {
    const outcome = new BehaviorSubject<boolean | undefined>(undefined);
    const listening = told(module, connection).subscribe({ next: (open) => outcome.next(open), error: () => undefined });
    const late = (): Observable<never> => throwError(() => new AtError({ kind: 'link', code: 'timeout', message: `nothing was said of the connection to ${address}`, retry: 'unknown', details: { address } }));
    const known = outcome.pipe(
      filter((open) => open !== undefined),
      take(1),
      timeout({ first: patience + grace, scheduler: module.scheduler, with: late }),
      takeUntil(restarted(module, `the connection to ${address}`)),
    );
    return concat(module.exec(ble.connect, { connection, address, type, timeout: Math.round(patience / 1000) }).pipe(ignoreElements()), known).pipe(
      catchError((error: unknown) => throwError(() => (isAtError(error, 'command') && outcome.value === false ? refused(address, error) : error))),
      mergeMap((open) => (open ? of(connection) : throwError(() => refused(address)))),
      finalize(() => listening.unsubscribe()),
    );
  });

/** AT+BLEDISCONN, until the module says that it is done. */
export const disconnect = (module: AtModule, connection: number): Observable<never> =>
  changing(
    module,
    defer(() => {
      const gone = told(module, connection).pipe(take(1), timeout({ first: farewell, scheduler: module.scheduler, with: () => of(false) }));
      return merge(gone, module.exec(ble.disconnect, { connection })).pipe(takeUntil(restarted(module, 'the connection')));
    }).pipe(ignoreElements()),
  );

/**
 * Connects when no other connection is being made or ended, and emits its number. Once begun it runs to its end; nothing is sent where `wanted` says no by then.
 */
export const establish = (module: AtModule, address: string, options: BleConnectOptions, wanted: () => boolean): Observable<number> =>
  inTurn(
    module,
    defer(() => (wanted() ? freeConnection(module) : EMPTY)).pipe(
      filter(wanted),
      mergeMap((connection) => attempt(module, connection, address, options)),
    ),
  );
