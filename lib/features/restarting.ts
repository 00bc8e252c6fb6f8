import { catchError, concat, defer, EMPTY, ignoreElements, map, mergeMap, type Observable, of, throwError } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';

/** Bits per second with which the module boots; `undefined` where the host cannot follow, or the firmware does not tell. */
export const bootRate = (module: AtModule): Observable<number | undefined> =>
  module.line.control === undefined || module.line.baud === undefined
    ? of(undefined)
    : module.exec(basic.uartDefaultQuery).pipe(
        map(({ baud }) => baud),
        catchError((error: unknown) => (isAtError(error) && (error.kind === 'unsupported' || error.code === 'rejected') ? of(undefined) : throwError(() => error))),
      );

/** Takes the host's side to the rate: `ready` must be readable. */
export const followRate = ({ line }: AtModule, rate: number | undefined): Observable<never> =>
  rate === undefined || line.baud === rate || line.control === undefined ? EMPTY : line.control.baud(rate);

/** Restarts the module and waits until a command of the user is answered: behind `ready` and the prologue. */
export const restarting = (module: AtModule, command: () => Observable<unknown>, rate = bootRate): Observable<never> =>
  defer(() => rate(module)).pipe(
    mergeMap((boots) =>
      concat(
        defer(command),
        defer(() => followRate(module, boots)),
        defer(() => module.exec(basic.probe)),
      ),
    ),
    ignoreElements(),
  );
