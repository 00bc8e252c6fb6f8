import { concat, ignoreElements, type Observable } from 'rxjs';
import type { Endpoint } from '../codec/endpoint.js';
import type { AtModule } from '../module/atModule.js';
import type { LinkId } from '../state/links.js';
import { withLink } from '../state/withLink.js';
import { checkQueue } from './checkQueue.js';
import { checkFamily } from './checkFamily.js';
import type { LinkSocket } from './linkSocket.js';
import { type Ends, openLink } from './openLink.js';
import type { StreamConfig } from './streamConfig.js';

/** What AT+CIPSTART takes for every type of connection. */
export interface ConnectParams {
  readonly link?: LinkId;
  readonly host: string;
  readonly port: number;
  readonly localAddress?: string;
}

/** What every socket of a link is made of. */
export interface SocketBase extends Ends {
  readonly module: AtModule;
  readonly link: LinkId;
  readonly remote: Endpoint;
  readonly localPort?: number;
}

export interface OpenConnectionConfig<S> {
  readonly module: AtModule;
  readonly config: Pick<StreamConfig, 'host' | 'port' | 'link' | 'family' | 'localAddress' | 'queueLimit'>;
  /** Settings of the link, before AT+CIPSTART. */
  readonly prepare: (link: LinkId) => Observable<never>;
  /** AT+CIPSTART. */
  readonly connect: (params: ConnectParams) => Observable<unknown>;
  readonly create: (base: SocketBase) => LinkSocket<S>;
}

/** Opens a connection on a link of its own and emits its socket; completes or errors with it. Unsubscribing closes the link in the background. Cold. */
export const openConnection = <S>({ module, config, prepare, connect, create }: OpenConnectionConfig<S>): Observable<S> => {
  const { host, port, family = 4, localAddress } = config;
  const open = withLink(module, config.link, (lease) => {
    const { link } = lease;
    const params = { ...(module.settings.cipmux ? { link } : {}), host, port, ...(localAddress === undefined ? {} : { localAddress }) };
    const opening = openLink({
      module,
      lease,
      host,
      port,
      connect: connect(params).pipe(ignoreElements()),
      create: ({ localPort }, ends) => create({ module, link, remote: { address: host, port }, ...(localPort === undefined ? {} : { localPort }), ...ends }),
    });
    return concat(prepare(link), opening);
  });
  return concat(checkQueue(config.queueLimit), checkFamily(module, family), open);
};
