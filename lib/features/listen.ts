import { catchError, concat, concatMap, defer, EMPTY, ignoreElements, mergeMap, Observable, Subscription, take, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { probe } from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import { commandKey } from '../command/command.js';
import type { AtModule } from '../module/atModule.js';
import { oneAtATime } from '../module/oneAtATime.js';
import { acceptClient } from '../socket/acceptClient.js';
import { checkQueue } from '../socket/checkQueue.js';
import { linkOf, openedBy } from '../socket/linkEvents.js';
import type { LinkSocket } from '../socket/linkSocket.js';
import { checkFamily } from '../socket/checkFamily.js';
import { everyLink, setReceive } from '../socket/receiveMode.js';
import type { Socket } from '../socket/socket.js';
import { defaultQueueLimit, type StreamConfig } from '../socket/streamConfig.js';
import type { LinkId } from '../state/links.js';
import { reservedLinks } from '../state/withLink.js';

/** How the server is opened. */
export interface ListenConfig extends Pick<StreamConfig, 'family' | 'linger' | 'noDelay' | 'sendTimeout' | 'receive' | 'queueLimit'> {
  /** 0 to 65535. Default 333. */
  readonly port?: number;
  /** TLS instead of TCP; `verifyClient`: clients must show a certificate. Default false. */
  readonly tls?: boolean | { readonly verifyClient: boolean };
  /** Most clients at a time, 1 to 5; the module's last value unless given. */
  readonly maxConnections?: number;
  /** Time without traffic in s after which a client is dropped, 0 (never) to 7200; the module's last value unless given. */
  readonly idleTimeout?: number;
}

const oneServer = oneAtATime(() => new AtError({ kind: 'usage', code: 'second-server', message: 'the module has one server, which is open already' }));

/** Passive or active for every link a client may get: one switch where no link is in use, else all the others. */
const receiveForClients = (module: AtModule, passive: boolean): Observable<never> =>
  module.links.pipe(
    take(1),
    mergeMap((table) => {
      const taken = (link: LinkId): boolean => reservedLinks(module).has(link) || table.get(link)?.open === true;
      const ids = [0, 1, 2, 3, 4];
      return ids.some(taken) ? concat(...ids.filter((link) => !taken(link)).map((link) => setReceive(module, link, passive))) : setReceive(module, everyLink, passive);
    }),
  );

const start = (module: AtModule, config: ListenConfig): Observable<never> => {
  const { port = 333, tls = false, maxConnections, idleTimeout, family = 4, receive = 'passive' } = config;
  const plain = `${tls === false ? 'TCP' : 'SSL'}${family === 6 ? 'v6' : ''}` as const;
  // The third parameter of 2.x is "SSL" or nothing.
  const type = plain === 'TCP' ? {} : { type: plain };
  const verifyClient = typeof tls === 'object' && tls.verifyClient ? { verifyClient: true } : {};
  return concat(
    receiveForClients(module, receive === 'passive'),
    maxConnections === undefined ? EMPTY : module.exec(tcpip.serverLimit, { count: maxConnections }),
    idleTimeout === undefined ? EMPTY : module.exec(tcpip.serverTimeout, { seconds: idleTimeout }),
    module.exec(tcpip.serverStart, { port, ...type, ...verifyClient }),
  ).pipe(ignoreElements());
};

/** Closes the server and what it has accepted: at once where the firmware can, else client by client. */
const stop = (module: AtModule, clients: readonly LinkSocket[]): Observable<never> => {
  const tried = (source: Observable<unknown>): Observable<never> => source.pipe(ignoreElements(), catchError(() => EMPTY));
  const takesClients = 'closeClients' in (module.dialect.commands.get(commandKey(tcpip.serverStop))?.params.spec ?? {});
  const close = module.exec(tcpip.serverStop, takesClients ? { enable: false, closeClients: true } : { enable: false });
  // A client may have come while the server was closing: nobody else knows of it.
  const late = module.links.pipe(
    take(1),
    mergeMap((table) => [...table.values()].filter(({ link, open, role }) => open && role === 'server' && !reservedLinks(module).has(link))),
    concatMap(({ link }) => tried(module.exec(tcpip.close, { link }))),
  );
  return concat(tried(close), ...clients.map((client) => tried(client.release())), late);
};

const serve = (module: AtModule, config: ListenConfig, free: () => void): Observable<Socket> =>
  new Observable<Socket>((subscriber) => {
    const { receive = 'passive', queueLimit = defaultQueueLimit, port = 333, tls = false } = config;
    const clients = new Map<LinkId, LinkSocket>();
    const life = new Subscription();
    let gone = false;

    const accept = (opened: NonNullable<ReturnType<typeof openedBy>>): void => {
      const over = (): void => {
        if (clients.get(opened.link) === handle) clients.delete(opened.link);
        handle.release().subscribe({ error: () => undefined });
      };
      const { handle, ready } = acceptClient(opened, { module, receive, queueLimit, exact: tls === false, localPort: port, over, ...config });
      clients.set(opened.link, handle);
      life.add(ready.subscribe({ next: (socket) => subscriber.next(socket), error: (error: unknown) => subscriber.error(error) }));
    };
    const lost = (error: AtError): void => {
      gone = true;
      subscriber.error(error);
    };
    const ended = (): void => {
      module.exec(probe).subscribe({ error: (cause: unknown) => lost(isAtError(cause) ? cause : new AtError({ kind: 'module', code: 'closed', message: 'the module is closed', cause })) });
    };
    // Before AT+CIPSERVER: a client may come before its OK.
    life.add(
      module.events.subscribe({
        next: (event) => {
          if (event.name === 'ready') return lost(new AtError({ kind: 'module', code: 'reset', message: 'the module restarted', retry: 'safe' }));
          const opened = openedBy(event);
          if (opened === undefined) return;
          if (opened.role === 'server' || (opened.role === undefined && !reservedLinks(module).has(linkOf(event)))) accept(opened);
        },
        error: ended,
        complete: ended,
      }),
    );
    life.add(start(module, config).subscribe({ error: (error: unknown) => subscriber.error(error) }));
    return () => {
      life.unsubscribe();
      (gone ? EMPTY : stop(module, [...clients.values()])).subscribe({ error: free, complete: free });
    };
  });

/**
 * The module's server, of which there is one. Cold: on subscribe it sets the receive mode of the links that are not in use, AT+CIPSERVERMAXCONN and
 * AT+CIPSTO where given, and AT+CIPSERVER=1; emits a `Socket` for every client, whose own `end()` closes it. Never completes. Unsubscribing closes the
 * server and its clients in the background; readers of theirs get `link`/`closed`. Needs AT+CIPMUX=1. Errors: `usage` (second-server, single), `link`
 * (receive-mode), `command` (rejected), `module` (reset: the server is gone), `transport`, `unsupported`. Document 000 §4.10; document 002 AT+CIPSERVER.
 */
export const listen = (module: AtModule, config: ListenConfig = {}): Observable<Socket> => {
  const open = defer((): Observable<Socket> => {
    if (!module.settings.cipmux) return throwError(() => new AtError({ kind: 'usage', code: 'single', message: 'a server needs multiple connections (AT+CIPMUX=1)' }));
    return oneServer(module, (free) => serve(module, config, free));
  });
  return concat(checkQueue(config.queueLimit), checkFamily(module, config.family ?? 4), open);
};
