import { catchError, concat, concatMap, defer, EMPTY, ignoreElements, type Observable, of, throwError, timer } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { detached } from '../../operators/detached.js';
import * as basic from '../commands/basic.js';
import type { Emits } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import type { LineAlone } from '../module/moduleLine.js';

/** What the module says about its UART: the rate is the divided clock (115200 reads 115201). */
export type UartState = Emits<typeof basic.uartQuery>;

/** What changes on the line; the rest stays. */
export interface UartConfig {
  /** Bits per second, 80 to 5000000; stays unless given. */
  readonly baud?: number;
  /** Of the module's side; stays unless given. That of the host is chosen when its port is opened. */
  readonly flowControl?: Exclude<UartState['flowControl'], number>;
  /** Keep it in flash (AT+UART_DEF): the module boots with it. Default false. */
  readonly store?: boolean;
}

/** From the OK at the old rate until the module's port has switched, in ms. */
const settling = 50;
const attempts = 3;

const unsupported = (message: string): Observable<never> => throwError(() => new AtError({ kind: 'unsupported', code: 'control', message }));

const silent = (error: unknown): boolean => isAtError(error) && (error.code === 'timeout' || error.kind === 'decode' || error.code === 'rejected');

/** Asks until the module answers in its own words, a few times. */
const answered = (module: AtModule, { exec }: Pick<LineAlone, 'exec'>, left = attempts): Observable<UartState> =>
  concat(
    timer(settling, module.scheduler).pipe(ignoreElements()),
    defer(() => exec(basic.probe)).pipe(ignoreElements()),
    defer(() => exec(basic.uartQuery)),
  ).pipe(catchError((error: unknown) => (left > 1 && silent(error) ? answered(module, { exec }, left - 1) : throwError(() => error))));

/** Switches the host's side and proves that the module is there; else goes back and says so. */
const switched = (module: AtModule, old: number, baud: number): Observable<UartState> =>
  module.line.alone((alone) => {
    const rate = (value: number): Observable<never> => module.line.control?.baud(value) ?? EMPTY;
    const back = (cause: unknown): Observable<never> => {
      const message = `the module does not answer at ${String(baud)} bit/s; the line is back at ${String(old)}`;
      const fallen = new AtError({ kind: 'module', code: 'baud', message, retry: 'safe', cause, details: { baud, restored: old } });
      return concat(rate(old), answered(module, alone).pipe(ignoreElements()), throwError(() => fallen));
    };
    return concat(rate(baud), answered(module, alone)).pipe(catchError((error: unknown) => (silent(error) ? back(error) : throwError(() => error))));
  });

/**
 * Changes the UART on both ends. Cold: on subscribe it asks for the settings, sends AT+UART_CUR (AT+UART_DEF with `store`), whose OK comes at the old
 * rate, switches the host's side, proves that the module answers, emits the settings in force and completes. Commands of others wait meanwhile.
 * 8 data bits, parity and stop bits stay: a host's port has no way to change them. On silence at the new rate it goes back to the old one and errors
 * `module`/`baud`; where the module answers at neither, it ends. A module that restarts unheard is looked for at the rate of the opening as well.
 * Unsubscribing before AT+UART_CUR is queued sends nothing more, later it goes on in the background. Errors: `unsupported`/`control` where
 * the port cannot change its rate, `usage`, `command`, `module`, `transport`. Document 000 §2.7, §2.8.
 */
export const uart = (module: AtModule, { baud, flowControl, store = false }: UartConfig = {}): Observable<UartState> =>
  defer(() => module.exec(basic.uartQuery)).pipe(
    concatMap((found) => {
      const old = module.line.baud ?? found.baud;
      const wanted = { ...found, baud: baud ?? old, flowControl: flowControl ?? found.flowControl };
      if (baud === undefined && flowControl === undefined && !store) return of(found);
      if (wanted.baud !== old && module.line.control === undefined) return unsupported('the transport cannot change the rate of its line');
      // Host and module must not be left at different rates.
      return detached(
        concat(
          module.exec(store ? basic.uartDefault : basic.uart, wanted).pipe(ignoreElements()),
          defer(() => switched(module, old, wanted.baud)),
        ),
      );
    }),
  );
