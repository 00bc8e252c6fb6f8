import { catchError, concat, concatMap, defer, EMPTY, mergeMap, type Observable, take, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';
import { checkQueue } from '../socket/checkQueue.js';
import { rawStream } from '../socket/rawStream.js';
import type { Duplex, Socket } from '../socket/socket.js';
import { defaultQueueLimit } from '../socket/streamConfig.js';
import { thereAndBack } from '../socket/thereAndBack.js';
import { listen, type ListenConfig } from './listen.js';
import { type PassageTimes, setPassageTimes } from './passageTimes.js';
import { passedThrough, unlinked } from './transparentPassage.js';

/** How the server is opened, and what its only client is passed through with. */
export interface TransparentServerConfig
  extends Pick<ListenConfig, 'port' | 'tls' | 'family' | 'idleTimeout' | 'linger' | 'noDelay' | 'sendTimeout'>,
    Pick<PassageTimes, 'sendInterval'> {
  /** Most bytes held unread before the port is held, or before the duplex fails with `link`/`overflow` where it cannot be. From 1 on. Default 65536. */
  readonly queueLimit?: number;
}

/** What came before passthrough, as +IPD. */
const unread = (socket: Socket): Uint8Array[] => {
  const found: Uint8Array[] = [];
  let more = true;
  while (more) {
    more = false;
    const reading = socket.read().subscribe({
      next: (bytes) => {
        found.push(bytes);
        more = true;
      },
      error: () => undefined,
    });
    // A read that still waits takes nothing.
    reading.unsubscribe();
  }
  return found;
};

/** One client: passed through until its duplex is ended, then closed. */
const client = (module: AtModule, socket: Socket, limit: number): Observable<Duplex> => {
  const through = rawStream(module, {
    limit,
    before: () => unlinked(module),
    kept: () => unread(socket),
    run: (alone, unwanted, line) => thereAndBack(unwanted, (step, leftBehind) => passedThrough(alone, step, leftBehind, line)),
  });
  return concat(
    through.pipe(
      catchError((error: unknown) =>
        socket.state.pipe(
          take(1),
          // It went before it could be passed through: the next one may come.
          mergeMap((state) => (state === 'closed' && isAtError(error, 'command') && error.code === 'rejected' ? EMPTY : throwError(() => error))),
        ),
      ),
    ),
    defer(() => socket.end()),
  );
};

/**
 * Passthrough for the clients of the module's server, one at a time (AT 2.3 and later). Cold: on subscribe it sends [AT+TRANSINTVL,] AT+CIPSERVERMAXCONN=1 and
 * AT+CIPSERVER=1; when a client connects, AT+CIPMODE=1 and AT+CIPSEND, and emits its raw `Duplex`. Commands of others wait until that is ended: its `end()` leaves
 * passthrough as that of `transparent` does, then closes the client, and the next may come. Never completes; unsubscribing does the same in the background and closes the server.
 *
 * The module tells nothing meanwhile, not even that the client has gone, and whoever connects then goes on in the same duplex: end it when your protocol says so. Where
 * no `idleTimeout` is given, that of the module counts. Needs AT+CIPMUX=1. Errors: those of `listen`; `link` (taken: another link is open; overflow, mixed), `command`
 * (rejected: the firmware does not pass through), `unsupported`, `transport`. Document 002 AT+CIPSERVER, AT+CIPMODE, AT+CIPSEND, +++.
 */
export const transparentServer = (module: AtModule, config: TransparentServerConfig = {}): Observable<Duplex> =>
  defer(() => {
    const { name, capabilities } = module.dialect;
    if (!capabilities.transparentServer) {
      return throwError(() => new AtError({ kind: 'unsupported', code: 'feature', message: `dialect ${name} passes no client of its server through`, details: { dialect: name } }));
    }
    const { queueLimit = defaultQueueLimit } = config;
    const clients = listen(module, { ...config, maxConnections: 1, receive: 'active', queueLimit });
    return concat(checkQueue(queueLimit), unlinked(module), setPassageTimes(module, config), clients.pipe(concatMap((socket) => client(module, socket, queueLimit))));
  });
