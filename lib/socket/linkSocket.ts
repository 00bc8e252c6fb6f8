import { catchError, defer, map, type Observable, tap, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import type { Endpoint } from '../codec/endpoint.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import { createActiveReceiver } from './activeReceiver.js';
import { bulkSource } from './bulkSource.js';
import { closeLink } from './closeLink.js';
import { followLink } from './followLink.js';
import { createLiveness } from './liveness.js';
import { inherit, own } from './owners.js';
import { createPassiveReceiver } from './passiveReceiver.js';
import type { Receiver } from './receiver.js';
import { isPassive } from './receiveMode.js';
import { createSender } from './sender.js';
import type { Socket } from './socket.js';

/** Bytes of a bulk send on their way through the module: more than AT+CIPSENDL hands to its stack at once (2920), less than its line buffer. */
const bulkAhead = 8192;

const stalled = (cause: AtError): AtError =>
  new AtError({ kind: 'send', code: 'timeout', message: 'the module reports no progress: its peer takes nothing', retry: 'unknown', cause, details: { command: 'AT+CIPSENDL' } });

export interface LinkSocketConfig {
  readonly module: AtModule;
  readonly link: LinkId;
  readonly remote: Endpoint;
  readonly localPort?: number;
  readonly receive: 'passive' | 'active';
  /** Most bytes an active socket holds unread. */
  readonly queueLimit: number;
  /** Announced lengths are exact: all but TLS. */
  readonly exact: boolean;
  /** Accepted by the server: its first bytes may come unannounced. */
  readonly accepted?: boolean;
  /** The stream ended: closed and drained. */
  readonly ended: () => void;
  readonly failed: (error: AtError) => void;
}

/** A socket and the way its owner has of giving it up, which every owner must go in the end. */
export interface LinkSocket<S = Socket> {
  readonly socket: S;
  /** Fails readers, closes the link where it is still open, stops following it. Cold. */
  release(): Observable<never>;
}

/** Follows one connection of a link: from now on its events are this socket's. */
export const createLinkSocket = (config: LinkSocketConfig): LinkSocket => {
  const { module, link, remote, localPort, receive, queueLimit, exact, accepted = false, ended, failed } = config;
  const live = createLiveness(closeLink(module, link), { link });
  const { capabilities } = module.dialect;
  const params = module.settings.cipmux ? { link } : {};
  const late = accepted && !isPassive(module, link);

  const receiver: Receiver =
    receive === 'passive'
      ? createPassiveReceiver({
          module,
          link,
          window: capabilities.receiveWindow,
          exact,
          early: accepted,
          active: () => late,
          ended,
          failed,
          orphan: (payload) => inherit(module, link, payload),
        })
      : createActiveReceiver({ details: { link }, ended, failed }, queueLimit);
  const { life, end, release } = followLink({
    module,
    link,
    live,
    receiver,
    details: () => ({ link, unread: receiver.unread }),
    restarted: receive === 'active' ? 'the module restarted; the last chunk may hold boot text' : 'the module restarted',
  });
  life.add(own(module, link, receiver.adopt));

  const lane = `send:${String(link)}`;
  const bulk = (data: ByteSource, length: number): Observable<number> =>
    defer(() => {
      if (!capabilities.bulkSend) {
        return throwError(() => new AtError({ kind: 'unsupported', code: 'command', message: `dialect ${module.dialect.name} has no AT+CIPSENDL`, details: { command: 'AT+CIPSENDL' } }));
      }
      const source = bulkSource(data, length, bulkAhead);
      return live.guard(module.exec(tcpip.sendLong, { ...params, length }, { data: source, lane }), true).pipe(
        tap(({ sent }) => source.delivered(sent)),
        map(({ sent }) => sent),
        catchError((error: unknown) => throwError(() => (source.starved && isAtError(error, 'send') && error.code === 'source' ? stalled(error) : error))),
      );
    });
  const taken = <T>(slice: Observable<T>): Observable<T> => slice.pipe(tap({ complete: () => receiver.answerable() }));
  // What comes back must fit the module beside what is sent: no slice is longer than its window once there is a reader.
  const limit = (): number => (receiver.used ? Math.min(capabilities.sendLimit, capabilities.receiveWindow) : capabilities.sendLimit);

  const socket: Socket = {
    link,
    remote,
    ...(localPort === undefined ? {} : { localPort }),
    read: receiver.read,
    send: createSender({
      limit,
      turn: (first) => receiver.settled(capabilities.receiveWindow, !first),
      slice: (bytes) => taken(live.guard(module.exec(tcpip.send, { ...params, length: bytes.length }, { data: bytes, lane }))),
      text: {
        escapes: capabilities.textEscapes,
        slice: (line) => taken(live.guard(module.exec(tcpip.sendText, { ...params, length: line.length }, { data: line, lane }))),
      },
      bulk,
    }),
    state: live.state,
    end: () => end,
  };
  return { socket, release: () => release };
};
