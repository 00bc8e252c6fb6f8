import { defer, ignoreElements, tap } from 'rxjs';
import type { Endpoint } from '../codec/endpoint.js';
import * as tcpip from '../commands/tcpip.js';
import { closeLink } from './closeLink.js';
import type { DatagramSocket } from './datagram.js';
import { createDatagramReceiver, type DatagramReceiverConfig } from './datagramReceiver.js';
import { followLink } from './followLink.js';
import type { LinkSocket } from './linkSocket.js';
import { createLiveness } from './liveness.js';

export interface DatagramLinkConfig extends DatagramReceiverConfig {
  readonly remote: Endpoint;
  readonly localPort?: number;
}

/** Follows one UDP transmission of a link: from now on its events are this socket's. */
export const createDatagramLink = (config: DatagramLinkConfig): LinkSocket<DatagramSocket> => {
  const { module, link, remote, localPort } = config;
  const live = createLiveness(closeLink(module, link), { link });
  const receiver = createDatagramReceiver(config);
  const params = module.settings.cipmux ? { link } : {};
  const lane = `send:${String(link)}`;
  const { end, release } = followLink({ module, link, live, receiver, details: () => ({ link }), restarted: 'the module restarted' });

  return {
    socket: {
      link,
      remote,
      ...(localPort === undefined ? {} : { localPort }),
      read: receiver.read,
      send: (bytes, to) =>
        defer(() => {
          const destination = to === undefined ? {} : { host: to.address, port: to.port };
          const sent = module.exec(tcpip.send, { ...params, length: bytes.length, ...destination }, { data: bytes, lane });
          return live.guard(sent).pipe(tap({ complete: () => receiver.answerable() }), ignoreElements());
        }),
      state: live.state,
      end: () => end,
    },
    release: () => release,
  };
};
