import { concat, defer, EMPTY, finalize, ignoreElements, Subscription } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { Endpoint } from '../codec/endpoint.js';
import { probe } from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtEvent } from '../command/event.js';
import type { DatagramSocket } from './datagram.js';
import { createDatagramReceiver, type DatagramReceiverConfig } from './datagramReceiver.js';
import { linkOf, openedBy } from './linkEvents.js';
import type { LinkSocket } from './linkSocket.js';
import { createLiveness } from './liveness.js';

export interface DatagramLinkConfig extends DatagramReceiverConfig {
  readonly remote: Endpoint;
  readonly localPort?: number;
}

/** Follows one UDP transmission of a link: from now on its events are this socket's. */
export const createDatagramLink = (config: DatagramLinkConfig): LinkSocket<DatagramSocket> => {
  const { module, link, remote, localPort } = config;
  const subscriptions = new Subscription();
  const live = createLiveness(module, link);
  const receiver = createDatagramReceiver(config);
  const params = module.settings.cipmux ? { link } : {};
  const lane = `send:${String(link)}`;
  let given = false;

  const broken = (kind: 'module' | 'link', code: string, message: string): void => {
    const error = new AtError({ kind, code, message, retry: 'unknown', details: { link } });
    live.over(error);
    receiver.fail(error);
  };
  const onEvent = (event: AtEvent): void => {
    const { name, fields, payload } = event;
    if (name === 'ready') return broken('module', 'reset', 'the module restarted');
    if (linkOf(event) !== link) return;
    if (name === '+IPD') receiver.announced(Number(fields['length']), payload, fields['remote'] as Endpoint | undefined);
    else if (name === 'CLOSED') {
      live.over();
      receiver.closed();
    } else if (openedBy(event) !== undefined) broken('link', 'reused', 'the link was taken by another connection');
  };
  /** The module ended: whatever a command would fail with now is what readers get. */
  const gone = (): void => {
    live.over();
    module.exec(probe).subscribe({ error: (cause: unknown) => receiver.fail(isAtError(cause) ? cause : new AtError({ kind: 'link', code: 'closed', message: 'the link is closed' })) });
  };
  subscriptions.add(module.events.subscribe({ next: onEvent, error: gone, complete: gone }));

  return {
    socket: {
      link,
      remote,
      ...(localPort === undefined ? {} : { localPort }),
      read: receiver.read,
      send: (bytes, to) =>
        defer(() => {
          const destination = to === undefined ? {} : { host: to.address, port: to.port };
          return live.guard(module.exec(tcpip.send, { ...params, length: bytes.length, ...destination }, { data: bytes, lane })).pipe(ignoreElements());
        }),
      state: live.state,
      end: () => concat(live.close, defer(() => (receiver.end(), EMPTY))),
    },
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
