import { catchError, concat, defer, EMPTY, filter, ignoreElements, Observable, Subscription, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtEvent } from '../command/event.js';
import type { AtModule } from '../module/atModule.js';
import { createLinkSocket, type LinkSocket } from '../socket/linkSocket.js';
import type { Socket } from '../socket/socket.js';
import type { LinkId } from '../state/links.js';
import { withLink } from '../state/withLink.js';

export interface TcpConfig {
  /** Name or address, 1 to 64 bytes. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
  /** Link 0 to 4; default the highest free one. */
  readonly link?: LinkId;
  /** Keep-alive in s, 0 (off) to 7200; the module's last value unless given. */
  readonly keepAlive?: number;
  /** Default `passive`: demand reaches the peer. `active` holds what comes in a bounded queue. */
  readonly receive?: 'passive' | 'active';
  /** Most bytes an active socket holds unread before it fails with `link`/`overflow`. Default 65536. */
  readonly queueLimit?: number;
  /** Longest time a send may block in the module, in ms; 0 for ever. Default 10000. Needs AT 2.1. */
  readonly sendTimeout?: number;
}

const refused = ({ host, port }: TcpConfig, cause: unknown): unknown =>
  isAtError(cause, 'command') && cause.code === 'rejected'
    ? new AtError({ kind: 'link', code: 'refused', message: `${host}:${String(port)} could not be reached`, retry: 'safe', cause, details: { host, port } })
    : cause;

/** Commands a firmware may lack: their refusal costs a comfort, not the connection. */
const wished = (source: Observable<unknown>): Observable<never> =>
  source.pipe(
    ignoreElements(),
    catchError((error: unknown) => (isAtError(error) && (error.kind === 'unsupported' || error.code === 'rejected') ? EMPTY : throwError(() => error))),
  );

const prepare = (module: AtModule, link: LinkId, { receive = 'passive', sendTimeout = 10_000 }: TcpConfig): Observable<never> =>
  defer(() => {
    const { passiveReceive, socketOptions } = module.dialect.capabilities;
    const params = module.settings.cipmux ? { link } : {};
    const { command, params: mode } = passiveReceive.enable(link);
    const modeParams = module.settings.cipmux ? mode : { passive: true };
    const passive: Observable<never> = receive === 'passive' ? module.exec(command, modeParams).pipe(ignoreElements()) : EMPTY;
    const options = socketOptions ? wished(module.exec(tcpip.socketOptions, { ...params, sendTimeout })) : EMPTY;
    return concat(passive, options);
  });

const opens = ({ name, fields }: AtEvent, link: LinkId): boolean =>
  (name === 'CONNECT' || name === '+LINK_CONN') && (typeof fields['link'] === 'number' ? fields['link'] : 0) === link;

const connected = (module: AtModule, link: LinkId, config: TcpConfig): Observable<Socket> =>
  new Observable<Socket>((subscriber) => {
    const { host, port, keepAlive, receive = 'passive', queueLimit = 65_536 } = config;
    let handle: LinkSocket | undefined;
    const create = (): void => {
      handle ??= createLinkSocket({
        module,
        link,
        remote: { address: host, port },
        receive,
        queueLimit,
        ended: () => subscriber.complete(),
        failed: (error) => subscriber.error(error),
      });
    };
    const opening = new Subscription();
    // CONNECT, data and even CLOSED can precede OK: the socket listens from the module's own word on.
    opening.add(
      module.events.pipe(filter((event) => opens(event, link))).subscribe({ next: create, error: (error: unknown) => subscriber.error(error) }),
    );
    const params = { ...(module.settings.cipmux ? { link } : {}), type: 'TCP' as const, host, port, ...(keepAlive === undefined ? {} : { keepAlive }) };
    opening.add(
      module.exec(tcpip.connect, params).subscribe({
        error: (cause: unknown) => subscriber.error(refused(config, cause)),
        complete: () => {
          create();
          opening.unsubscribe();
          if (handle !== undefined) subscriber.next(handle.socket);
        },
      }),
    );
    return () => {
      const unfinished = handle === undefined && !opening.closed;
      opening.unsubscribe();
      // Left in the middle of AT+CIPSTART: the command ends by itself, the link it may have opened is closed behind it.
      const rest = handle?.release() ?? (unfinished ? (module.settings.cipmux ? module.exec(tcpip.close, { link }) : module.exec(tcpip.closeSingle)) : EMPTY);
      rest.subscribe({ error: () => undefined });
    };
  });

/**
 * A TCP connection. Cold: on subscribe it takes a free link, sets passive receive and the send time-out, sends AT+CIPSTART and emits one `Socket`;
 * completes when the peer has closed and everything was read; unsubscribing closes the link (AT+CIPCLOSE) in the background.
 * Errors: `link` (refused, none-free, taken, overflow, reused, receive), `module` (reset), `transport`, `usage`. Document 000 §4.3.1; document 002 AT+CIPSTART.
 */
export const tcp = (module: AtModule, config: TcpConfig): Observable<Socket> =>
  withLink(module, config.link, (link) => concat(prepare(module, link, config), defer(() => connected(module, link, config))));
