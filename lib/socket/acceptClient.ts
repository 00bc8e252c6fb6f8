import { catchError, concat, defer, EMPTY, map, type Observable, of } from 'rxjs';
import type { AtModule } from '../module/atModule.js';
import type { Opened } from './linkEvents.js';
import { openLinks } from './linkExists.js';
import { createLinkSocket, type LinkSocket } from './linkSocket.js';
import { isPassive, setReceive } from './receiveMode.js';
import { setSocketOptions } from './socketOptions.js';
import type { StreamConfig } from './streamConfig.js';

export interface AcceptConfig extends Pick<StreamConfig, 'linger' | 'noDelay' | 'sendTimeout'> {
  readonly module: AtModule;
  readonly receive: 'passive' | 'active';
  readonly queueLimit: number;
  readonly exact: boolean;
  readonly localPort: number;
  readonly over: () => void;
}

const unknownEnd = { address: '0.0.0.0', port: 0 };

/** A client that the server has accepted: its socket follows the link from now on, and is emitted when the link is set up. */
export const acceptClient = (opened: Opened, config: AcceptConfig): { readonly handle: LinkSocket; readonly ready: Observable<LinkSocket['socket']> } => {
  const { module, receive, queueLimit, exact, over } = config;
  const { link, localPort = config.localPort, remote = unknownEnd } = opened;
  const handle = createLinkSocket({ module, link, remote, localPort, receive, queueLimit, exact, accepted: true, ended: over, failed: over });
  const mode = defer(() => (isPassive(module, link) === (receive === 'passive') ? EMPTY : setReceive(module, link, receive === 'passive')));
  const setUp = concat(mode, setSocketOptions(module, link, config)).pipe(
    // The client may be gone again: whoever reads is told.
    catchError(() => EMPTY),
  );
  // A bare CONNECT does not say who it is (bit 1 of AT+SYSMSG is off).
  const named =
    opened.remote !== undefined
      ? of(handle.socket)
      : openLinks(module).pipe(
          map((rows) => rows.find((row) => row.link === link)),
          map((row) => (row === undefined ? handle.socket : { ...handle.socket, remote: { address: row.remoteAddress, port: row.remotePort } })),
          catchError(() => of(handle.socket)),
        );
  return { handle, ready: concat(setUp, named) };
};
