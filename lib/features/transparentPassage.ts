import { catchError, concat, defer, EMPTY, ignoreElements, mergeMap, type Observable, take, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { RawLine } from '../command/index.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LineAlone } from '../module/moduleLine.js';
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

/** After these the module is set up anew anyway, or gone. */
const hopeless = (error: unknown): boolean => !isAtError(error) || error.kind === 'module' || error.kind === 'transport' || error.code === 'timeout';

const attempted = (step: Observable<unknown>): Observable<never> =>
  step.pipe(
    ignoreElements(),
    catchError((error: unknown) => (isAtError(error, 'command') && error.code === 'rejected' ? EMPTY : throwError(() => error))),
  );

/** From AT+CIPMUX=0 to what it was; `through` has the raw line. Once `unwanted` it only goes back. */
export const passage = (alone: LineAlone, config: PassageConfig, multiple: boolean, unwanted: () => boolean, through: (line: RawLine) => Observable<never>): Observable<never> => {
  const { host, port } = config;
  const undo: (() => Observable<unknown>)[] = [];
  const step = (run: () => Observable<unknown>, back?: () => Observable<unknown>): Observable<never> =>
    defer(() => {
      if (unwanted()) return EMPTY;
      const noted = defer(() => {
        if (back !== undefined) undo.unshift(back);
        return EMPTY;
      });
      return concat(run().pipe(ignoreElements()), noted);
    });
  const back = defer(() => concat(...undo.map((run) => attempted(defer(run)))));
  const there = concat(
    multiple
      ? step(
          () => alone.exec(tcpip.multipleConnections, { enable: false }).pipe(refusal('taken', busy, {})),
          () => alone.exec(tcpip.multipleConnections, { enable: true }),
        )
      : EMPTY,
    step(
      () => connect(alone, config).pipe(refusal('refused', `${host}:${String(port)} could not be reached`, { host, port })),
      () => alone.exec(tcpip.closeSingle),
    ),
    step(
      () => alone.exec(tcpip.transferMode, { passthrough: true }),
      () => alone.exec(tcpip.transferMode, { passthrough: false }),
    ),
    step(() =>
      alone.exec(tcpip.passthrough).pipe(
        mergeMap((line) => {
          // Whoever leaves the line sets the transfer mode back.
          undo.shift();
          return through(line);
        }),
      ),
    ),
  );
  return concat(
    there.pipe(catchError((error: unknown) => concat(hopeless(error) ? EMPTY : back, throwError(() => error)))),
    back,
  );
};

