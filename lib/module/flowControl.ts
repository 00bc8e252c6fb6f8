import { catchError, concat, concatMap, defer, EMPTY, ignoreElements, mergeMap, type Observable, type SchedulerLike, throwError, timer } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as basic from '../commands/basic.js';
import type { Emits } from '../command/index.js';
import type { Exchange } from '../exchange/exchange.js';
import type { Connection } from '../transport.js';
import { runInternal as run } from './runInternal.js';

/** From the OK of AT+UART_CUR until the port of the module has switched, in ms. */
const settling = 50;

type UartSettings = Emits<typeof basic.uartQuery>;

const refused = (message: string, cause?: unknown): Observable<never> =>
  throwError(() => new AtError({ kind: 'unsupported', code: 'flow-control', message, cause }));

const wait = (scheduler: SchedulerLike): Observable<never> => timer(settling, scheduler).pipe(ignoreElements());

/** The module holds its RTS, which is the host's CTS, while it takes bytes. */
const watched = ({ control }: Connection): Observable<never> =>
  control?.get === undefined
    ? EMPTY
    : control.get().pipe(
        catchError((cause: unknown) => refused('the port has no modem lines', cause)),
        mergeMap(({ cts }) => (cts ? EMPTY : refused("the host's CTS is not held: RTS of the module is not wired"))),
      );

/** A module whose CTS nobody holds is mute but hears: it is told to print again before the error. */
const undone = (exchange: Exchange, settings: UartSettings): Observable<never> =>
  run(exchange, basic.uart, { ...settings, flowControl: 'none' }).pipe(
    ignoreElements(),
    catchError(() => EMPTY),
  );

/** Nothing is sent to a module whose host has no flow control. Errors `unsupported`/`flow-control`. */
export const requireFlowControl = ({ control }: Connection): Observable<never> =>
  control?.flowControl === true ? EMPTY : refused('the transport does not use RTS/CTS; open it so (serialport: `rtscts: true`)');

/** Sets RTS/CTS on the module and proves that it works: the lines where the port has them, then an answer. Errors `unsupported`/`flow-control`. */
export const enableFlowControl = (connection: Connection, exchange: Exchange, scheduler: SchedulerLike): Observable<never> => {
  const enable = (found: UartSettings): Observable<never> => {
    const settings = { ...found, baud: connection.baud ?? found.baud };
    const proof = run(exchange, basic.uartQuery, {}, true).pipe(
      concatMap(({ flowControl }) => (flowControl === 'both' ? EMPTY : refused(`the module says flow control ${flowControl}`))),
      catchError((error: unknown) => (isAtError(error) && error.code === 'timeout' ? refused('the module is mute: RTS of the host is not wired', error) : throwError(() => error))),
    );
    return concat(
      run(exchange, basic.uart, { ...settings, flowControl: 'both' }).pipe(ignoreElements()),
      wait(scheduler),
      watched(connection),
      proof,
    ).pipe(catchError((error: unknown) => concat(undone(exchange, settings), throwError(() => error))));
  };
  return defer(() => run(exchange, basic.uartQuery)).pipe(concatMap(enable));
};
