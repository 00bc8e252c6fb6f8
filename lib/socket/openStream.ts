import { concat, defer, EMPTY, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import { createLinkSocket } from './linkSocket.js';
import { openConnection } from './openConnection.js';
import { setReceive } from './receiveMode.js';
import type { Socket } from './socket.js';
import { setSocketOptions } from './socketOptions.js';
import { defaultQueueLimit, type StreamConfig } from './streamConfig.js';

/** A TCP or TLS connection on a link of its own; `prepare` runs before AT+CIPSTART. Cold. */
export const openStream = (module: AtModule, type: 'TCP' | 'SSL', config: StreamConfig, prepare: (link: LinkId) => Observable<never> = () => EMPTY): Observable<Socket> =>
  defer(() => {
    const { keepAlive, family = 4, receive = 'passive', queueLimit = defaultQueueLimit } = config;
    const given = { type: family === 6 ? (`${type}v6` as const) : type, ...(keepAlive === undefined ? {} : { keepAlive }) };
    return openConnection({
      module,
      config,
      prepare: (link) => concat(setReceive(module, link, receive === 'passive', type), setSocketOptions(module, link, config), prepare(link)),
      connect: (params) => module.exec(tcpip.connect, { ...params, ...given }),
      create: (base) => createLinkSocket({ ...base, receive, queueLimit, exact: type === 'TCP' }),
    });
  });
