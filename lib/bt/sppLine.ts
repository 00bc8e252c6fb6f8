import { catchError, concat, defer, EMPTY, map, mergeMap, Observable, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import * as commands from '../commands/bt.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { rawStream } from '../socket/rawStream.js';
import { createSppSocket, disconnect, type SppLineConfig, type SppSocket } from './sppSocket.js';

/** What is wrong with how a line is to be carried. */
export const lineFault = ({ queueLimit }: SppLineConfig): AtError | undefined => checkNumber('queueLimit', queueLimit, 1);

const socketLine = (module: AtModule, address: string, config: SppLineConfig, done: () => void): Observable<SppSocket> =>
  new Observable<SppSocket>((subscriber) => {
    const { socket, release } = createSppSocket({ ...config, module, address, ended: () => subscriber.complete(), failed: (error) => subscriber.error(error) });
    subscriber.next(socket);
    return () => void release().subscribe({ error: done, complete: done });
  });

const lostLine = (address: string): AtError => new AtError({ kind: 'link', code: 'lost', message: `the connection to ${address} is gone`, retry: 'safe', details: { address } });

const rawLine = (module: AtModule, address: string, { queueLimit = 65_536 }: SppLineConfig, done: () => void): Observable<SppSocket> =>
  new Observable<SppSocket>((subscriber) => {
    const early: Uint8Array[] = [];
    let [gone, abandoned] = [false, false];
    const life = module.events.subscribe({
      next: ({ name, fields, payload }) => {
        if (name === events.sppData.name && payload !== undefined) early.push(payload);
        else if (name === 'ready' || (name === events.sppDisconnected.name && fields['failed'] !== true)) gone = true;
      },
      error: () => undefined,
    });
    const close = (): void => {
      life.unsubscribe();
      (gone ? EMPTY : disconnect(module)).subscribe({ error: done, complete: done });
    };
    // Refused: the connection has ended before.
    const refused = (error: unknown): Observable<never> => throwError(() => (gone && isAtError(error, 'command') && error.code === 'rejected' ? lostLine(address) : error));
    /** Meanwhile the module tells nothing of its connection. */
    const left = (exec: AtModule['exec']): Observable<never> =>
      exec(commands.sppConnections).pipe(
        mergeMap((open) => {
          const same = open.some((row) => row.address.toLowerCase() === address);
          gone = open.length === 0;
          const end = gone ? EMPTY : disconnect(module, exec);
          return concat(end, same ? EMPTY : throwError(() => lostLine(address)));
        }),
      );
    const stream = rawStream(module, {
      limit: queueLimit,
      kept: () => early,
      run: ({ exec }, unwanted, through) =>
        concat(
          defer(() => (unwanted() ? EMPTY : exec(commands.sppPassthrough).pipe(catchError(refused), mergeMap(through)))),
          defer(() => left(exec)),
        ),
      abandoned: (over) => {
        abandoned = true;
        over.subscribe({ error: close, complete: close });
      },
    });
    subscriber.add(stream.pipe(map((duplex): SppSocket => ({ ...duplex, address }))).subscribe(subscriber));
    return () => {
      if (!abandoned) close();
    };
  });

/**
 * An open connection as a socket. Cold: emits it at once, or when the line is raw; completes or errors with it. Unsubscribing disconnects; `done` is called when nothing is left of it,
 * however it ended.
 */
export const sppLine = (module: AtModule, address: string, config: SppLineConfig, done: () => void): Observable<SppSocket> =>
  (config.raw === true ? rawLine : socketLine)(module, address, config, done);
