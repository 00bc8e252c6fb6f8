import { catchError, concat, EMPTY, mergeMap, type Observable, take, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { RawLine } from '../command/index.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LineAlone } from '../module/moduleLine.js';
import { type Step, thereAndBack } from '../socket/thereAndBack.js';
import { reservedLinks } from '../state/withLink.js';
import { type TransparentKind, transparentType } from './transparentTypes.js';

/** Where it goes. */
export interface PassageConfig extends TransparentKind {
  readonly host: string;
  readonly port: number;
  readonly keepAlive?: number;
  readonly localPort?: number;
}

const refusal = (code: string, message: string, details: Readonly<Record<string, unknown>>) =>
  catchError((cause: unknown): Observable<never> =>
    throwError(() => (isAtError(cause, 'command') && cause.code === 'rejected' ? new AtError({ kind: 'link', code, message, retry: 'safe', cause, details: { ...cause.details, ...details } }) : cause)),
  );

/** Not a refusal that a way back bears: links that others count on would be those of a single connection. */
const unsettled = catchError((cause: unknown): Observable<never> =>
  throwError(() =>
    isAtError(cause, 'command') && cause.code === 'rejected'
      ? new AtError({ kind: 'module', code: 'settings', message: 'AT+CIPMUX=1 was refused after passthrough; the module is set up anew', retry: 'unknown', cause, details: cause.details })
      : cause,
  ),
);

const busy = 'passthrough needs the module to itself: a link is open, or a server runs';

/** Errors `link`/`taken` while a link is open or about to be; the one that is to come is 0. */
export const unlinked = (module: AtModule): Observable<never> =>
  module.links.pipe(
    take(1),
    mergeMap((table) => {
      const open = [...table.values()].filter((state) => state.open).map(({ link }) => link);
      // 0 is its own.
      const links = [...new Set([...open, ...reservedLinks(module)])].filter((link) => link !== 0);
      return links.length === 0 ? EMPTY : throwError(() => new AtError({ kind: 'link', code: 'taken', message: busy, retry: 'safe', details: { links } }));
    }),
  );

const connect = ({ exec }: LineAlone, config: PassageConfig): Observable<unknown> => {
  const { host, port, type, keepAlive, localPort } = config;
  const name = transparentType(config);
  return type === 'UDP'
    ? exec(tcpip.connectUdp, { type: name as 'UDP', host, port, ...(localPort === undefined ? {} : { localPort, mode: 'fixed' as const }) })
    : exec(tcpip.connect, { type: name as 'TCP', host, port, ...(keepAlive === undefined ? {} : { keepAlive }) });
};

/** With the link open: AT+CIPMODE=1 and AT+CIPSEND; `through` has the raw line. */
export const passedThrough = (
  { exec }: LineAlone,
  step: Step,
  leftBehind: () => void,
  through: (line: RawLine) => Observable<never>,
): Observable<never> =>
  concat(
    step(
      () => exec(tcpip.transferMode, { passthrough: true }),
      () => exec(tcpip.transferMode, { passthrough: false }),
    ),
    step(() =>
      exec(tcpip.passthrough).pipe(
        mergeMap((line) => {
          // Whoever leaves the line sets the transfer mode back.
          leftBehind();
          return through(line);
        }),
      ),
    ),
  );

/** From AT+CIPMUX=0 to what it was; `through` has the raw line. Once `unwanted` it only goes back. */
export const passage = (alone: LineAlone, config: PassageConfig, multiple: boolean, unwanted: () => boolean, through: (line: RawLine) => Observable<never>): Observable<never> => {
  const { host, port } = config;
  return thereAndBack(unwanted, (step, leftBehind) =>
    concat(
      multiple
        ? step(
            () => alone.exec(tcpip.multipleConnections, { enable: false }).pipe(refusal('taken', busy, {})),
            () => alone.exec(tcpip.multipleConnections, { enable: true }).pipe(unsettled),
          )
        : EMPTY,
      step(
        () => connect(alone, config).pipe(refusal('refused', `${host}:${String(port)} could not be reached`, { host, port })),
        () => alone.exec(tcpip.closeSingle),
      ),
      passedThrough(alone, step, leftBehind, through),
    ),
  );
};
