import { BehaviorSubject, concat, defer, EMPTY, ignoreElements, type Observable, Subscription, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { Endpoint } from '../codec/endpoint.js';
import { probe } from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtEvent } from '../command/event.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import { createActiveReceiver } from './activeReceiver.js';
import { createPassiveReceiver, type Receiver } from './passiveReceiver.js';
import { createSender } from './sender.js';
import type { Socket } from './socket.js';

export interface LinkSocketConfig {
  readonly module: AtModule;
  readonly link: LinkId;
  readonly remote: Endpoint;
  readonly receive: 'passive' | 'active';
  /** Most bytes an active socket holds unread. */
  readonly queueLimit: number;
  /** The stream ended: closed and drained. */
  readonly ended: () => void;
  readonly failed: (error: AtError) => void;
}

/** A socket and the ways the connection's owner has of telling it what happened. */
export interface LinkSocket {
  readonly socket: Socket;
  readonly open: boolean;
  /** Gives the socket up: closes the link where it is still open. Cold. */
  release(): Observable<never>;
}

const closedError = (link: LinkId): AtError => new AtError({ kind: 'link', code: 'closed', message: 'the connection is closed', details: { link } });

/** Follows one connection of a link: from now on its events are this socket's. */
export const createLinkSocket = ({ module, link, remote, receive, queueLimit, ended, failed }: LinkSocketConfig): LinkSocket => {
  const state = new BehaviorSubject<'open' | 'closed'>('open');
  const subscriptions = new Subscription();
  const { cipmux } = module.settings;
  const { capabilities } = module.dialect;
  const params = cipmux ? { link } : {};
  let given = false;

  const close = defer(() => (state.value === 'closed' ? EMPTY : cipmux ? module.exec(tcpip.close, { link }) : module.exec(tcpip.closeSingle))).pipe(ignoreElements());
  const shut = (): void => {
    state.next('closed');
    state.complete();
  };
  const over = (error?: AtError): void => {
    subscriptions.unsubscribe();
    if (error === undefined) ended();
    else failed(error);
  };
  const receiver: Receiver =
    receive === 'passive'
      ? createPassiveReceiver({ module, link, window: capabilities.receiveWindow, ended: () => over(), failed: over })
      : createActiveReceiver({ link, ended: () => over(), failed: over }, queueLimit);

  const onEvent = ({ name, fields, payload }: AtEvent): void => {
    const about = typeof fields['link'] === 'number' ? fields['link'] : 0;
    if (name === 'ready') {
      shut();
      const message = receive === 'active' ? 'the module restarted; the last chunk may hold boot text' : 'the module restarted';
      receiver.fail(new AtError({ kind: 'module', code: 'reset', message, retry: 'unknown', details: { link, unread: receiver.unread } }));
    } else if (about !== link) return;
    else if (name === '+IPD') receiver.announced(Number(fields['length']), payload);
    else if (name === 'CLOSED') {
      shut();
      receiver.closed();
    } else if (name === 'CONNECT' || name === '+LINK_CONN') {
      shut();
      receiver.fail(new AtError({ kind: 'link', code: 'reused', message: 'the link was taken by another connection', details: { link, unread: receiver.unread } }));
    }
  };
  /** The module ended: whatever a command would fail with now is what the stream fails with. */
  const gone = (): void => {
    shut();
    module.exec(probe).subscribe({ error: (cause: unknown) => receiver.fail(isAtError(cause) ? cause : closedError(link)) });
  };
  subscriptions.add(
    module.events.subscribe({
      next: onEvent,
      error: gone,
      complete: gone,
    }),
  );

  const sendSlice = (slice: Uint8Array): Observable<unknown> =>
    state.value === 'closed'
      ? throwError(() => closedError(link))
      : module.exec(tcpip.send, { ...params, length: slice.length }, { data: slice, lane: `send:${String(link)}` });

  const socket: Socket = {
    link,
    remote,
    read: receiver.read,
    send: createSender(capabilities.sendLimit, sendSlice),
    state: state.asObservable(),
    end: () => concat(close, defer(() => (receiver.end(), EMPTY))),
  };
  return {
    socket,
    get open() {
      return state.value === 'open';
    },
    release: () =>
      defer(() => {
        if (given) return EMPTY;
        given = true;
        receiver.stop();
        subscriptions.unsubscribe();
        return close;
      }),
  };
};
