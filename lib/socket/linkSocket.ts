import { concat, defer, EMPTY, finalize, map, type Observable, Subscription, tap, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { ByteSource } from '../../operators/byteSource.js';
import type { Endpoint } from '../codec/endpoint.js';
import { probe } from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtEvent } from '../command/event.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import { createActiveReceiver } from './activeReceiver.js';
import { bulkSource } from './bulkSource.js';
import { linkOf, openedBy } from './linkEvents.js';
import { createLiveness } from './liveness.js';
import { inherit, own } from './owners.js';
import { createPassiveReceiver } from './passiveReceiver.js';
import type { Receiver } from './receiver.js';
import { isPassive } from './receiveMode.js';
import { createSender } from './sender.js';
import type { Socket } from './socket.js';

/** Bytes of a bulk send on their way through the module: more than AT+CIPSENDL hands to its stack at once (2920), less than its line buffer. */
const bulkAhead = 8192;

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
  const subscriptions = new Subscription();
  const live = createLiveness(module, link);
  const { capabilities } = module.dialect;
  const params = module.settings.cipmux ? { link } : {};
  const late = accepted && !isPassive(module, link);
  let given = false;

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
      : createActiveReceiver({ link, ended, failed }, queueLimit);
  const details = (): Readonly<Record<string, unknown>> => ({ link, unread: receiver.unread });

  const restarted = (): void => {
    const message = receive === 'active' ? 'the module restarted; the last chunk may hold boot text' : 'the module restarted';
    const error = new AtError({ kind: 'module', code: 'reset', message, retry: 'unknown', details: details() });
    live.over(error);
    receiver.fail(error);
  };
  const replaced = (): void => {
    const error = new AtError({ kind: 'link', code: 'reused', message: 'the link was taken by another connection', retry: 'unknown', details: details() });
    live.over(error);
    receiver.replaced(error);
  };
  const onEvent = (event: AtEvent): void => {
    if (event.name === 'ready') return restarted();
    if (linkOf(event) !== link) return;
    if (event.name === '+IPD') receiver.announced(Number(event.fields['length']), event.payload);
    else if (event.name === 'CLOSED') {
      live.over();
      receiver.closed();
    } else if (openedBy(event) !== undefined) replaced();
  };
  /** The module ended: whatever a command would fail with now is what the stream fails with. */
  const gone = (): void => {
    live.over();
    const closed = new AtError({ kind: 'link', code: 'closed', message: 'the connection is closed', details: details() });
    module.exec(probe).subscribe({ error: (cause: unknown) => receiver.fail(isAtError(cause) ? cause : closed) });
  };
  subscriptions.add(own(module, link, receiver.adopt));
  subscriptions.add(module.events.subscribe({ next: onEvent, error: gone, complete: gone }));

  const lane = `send:${String(link)}`;
  const bulk = (data: ByteSource, length: number): Observable<number> =>
    defer(() => {
      if (!capabilities.bulkSend) {
        return throwError(() => new AtError({ kind: 'unsupported', code: 'command', message: `dialect ${module.dialect.name} has no AT+CIPSENDL`, details: { command: 'AT+CIPSENDL' } }));
      }
      const source = bulkSource(data, length, bulkAhead);
      return live.guard(module.exec(tcpip.sendLong, { ...params, length }, { data: source, lane })).pipe(
        tap(({ sent }) => source.delivered(sent)),
        map(({ sent }) => sent),
      );
    });
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
      slice: (bytes) => live.guard(module.exec(tcpip.send, { ...params, length: bytes.length }, { data: bytes, lane })),
      bulk,
    }),
    state: live.state,
    end: () => concat(live.close, defer(() => (receiver.end(), EMPTY))),
  };
  return {
    socket,
    release: () =>
      defer(() => {
        if (given) return EMPTY;
        given = true;
        receiver.stop();
        // Until the link is closed its events count: a successor must not be closed in its place.
        return live.close.pipe(
          finalize(() => {
            subscriptions.unsubscribe();
            live.over();
          }),
        );
      }),
  };
};
