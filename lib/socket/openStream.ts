import { concat, defer, EMPTY, ignoreElements, type Observable, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import { withLink } from '../state/withLink.js';
import { createLinkSocket } from './linkSocket.js';
import { openLink } from './openLink.js';
import { setReceive } from './receiveMode.js';
import type { Socket } from './socket.js';
import { setSocketOptions } from './socketOptions.js';
import { defaultQueueLimit, type StreamConfig } from './streamConfig.js';

/** `unsupported` where the dialect has no IPv6. */
export const checkFamily = (module: AtModule, family: 4 | 6): Observable<never> =>
  family === 6 && !module.dialect.capabilities.ipv6
    ? throwError(() => new AtError({ kind: 'unsupported', code: 'parameter', message: `dialect ${module.dialect.name} has no IPv6`, details: { dialect: module.dialect.name, parameter: 'family' } }))
    : EMPTY;

/** A TCP or TLS connection on a link of its own; `prepare` runs before AT+CIPSTART. Cold. */
export const openStream = (module: AtModule, type: 'TCP' | 'SSL', config: StreamConfig, prepare: (link: LinkId) => Observable<never> = () => EMPTY): Observable<Socket> =>
  defer(() => {
    const { host, port, keepAlive, localAddress, family = 4, receive = 'passive', queueLimit = defaultQueueLimit } = config;
    const given = { ...(keepAlive === undefined ? {} : { keepAlive }), ...(localAddress === undefined ? {} : { localAddress }) };
    const open = withLink(module, config.link, (lease) => {
      const { link } = lease;
      const params = { ...(module.settings.cipmux ? { link } : {}), type: family === 6 ? (`${type}v6` as const) : type, host, port, ...given };
      const connecting = openLink({
        module,
        lease,
        host,
        port,
        connect: module.exec(tcpip.connect, params).pipe(ignoreElements()),
        create: ({ localPort }, ends) =>
          createLinkSocket({
            module,
            link,
            remote: { address: host, port },
            ...(localPort === undefined ? {} : { localPort }),
            receive,
            queueLimit,
            exact: type === 'TCP',
            ...ends,
          }),
      });
      return concat(setReceive(module, link, receive === 'passive', type), setSocketOptions(module, link, config), prepare(link), connecting);
    });
    return concat(checkFamily(module, family), open);
  });
