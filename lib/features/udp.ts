import { concat, defer, ignoreElements, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import type { DatagramSocket } from '../socket/datagram.js';
import { createDatagramLink } from '../socket/datagramLink.js';
import { openLink } from '../socket/openLink.js';
import { checkFamily } from '../socket/openStream.js';
import { setReceive } from '../socket/receiveMode.js';
import type { LinkId } from '../state/links.js';
import { withLink } from '../state/withLink.js';

/** How a UDP transmission is opened. */
export interface UdpConfig {
  /** Name or address of the peer, 1 to 64 bytes; a broadcast address too, or a multicast one, whose group the module then hears on `localPort`. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
  /** The module's own port; one of its choice unless given. `mode` needs it. */
  readonly localPort?: number;
  /** Where datagrams without a destination go: always to the peer, to whoever has sent first, or to whoever sent last. Default `fixed`. */
  readonly mode?: 'fixed' | 'once' | 'any';
  /** Link 0 to 4; default the highest free one. */
  readonly link?: LinkId;
  /** 6 for IPv6, which must be on (AT+CIPV6=1) and is not in every dialect (`unsupported`). Default 4. */
  readonly family?: 4 | 6;
  /** Address of the interface to use, where the module has several. */
  readonly localAddress?: string;
  /** Default `passive`: datagrams wait in the module; `unsupported` before AT 2.0. `active` holds them in a bounded queue here. */
  readonly receive?: 'passive' | 'active';
  /** Most datagrams an active socket holds unread. Default 64. */
  readonly queueLimit?: number;
  /** What one too many is: an error `link`/`overflow`, or `drop`ped and counted in `lost` of the next. Default `error`. */
  readonly overflow?: 'error' | 'drop';
}

const queueBytes = 65_536;

/**
 * A UDP transmission. Cold: on subscribe it takes a free link, sets the receive mode, sends AT+CIPSTART and emits one `DatagramSocket`; completes when
 * the link is closed and everything was read; unsubscribing closes the link (AT+CIPCLOSE) in the background. Firmware 2.x sets the receive mode for every
 * link at once, and not while links are open. Errors: `link` (refused, none-free, taken, receive-mode, overflow, reused, receive), `command`, `module`
 * (reset), `transport`, `unsupported`, `usage`. Document 000 §4.3.2; document 002 AT+CIPSTART.
 */
export const udp = (module: AtModule, config: UdpConfig): Observable<DatagramSocket> =>
  defer(() => {
    const { host, port, localPort, mode, localAddress, family = 4, receive = 'passive', queueLimit = 64, overflow = 'error' } = config;
    const given = {
      ...(localPort === undefined ? {} : { localPort }),
      ...(mode === undefined ? {} : { mode }),
      ...(localAddress === undefined ? {} : { localAddress }),
    };
    const type = family === 6 ? ('UDPv6' as const) : ('UDP' as const);
    const open = withLink(module, config.link, (lease) => {
      const { link } = lease;
      const params = { ...(module.settings.cipmux ? { link } : {}), type, host, port, ...given };
      const connecting = openLink({
        module,
        lease,
        host,
        port,
        connect: module.exec(tcpip.connectUdp, params).pipe(ignoreElements()),
        create: (opened, ends) =>
          createDatagramLink({
            module,
            link,
            remote: { address: host, port },
            ...(opened.localPort === undefined ? {} : { localPort: opened.localPort }),
            queue: { datagrams: queueLimit, bytes: queueBytes, overflow },
            ...ends,
          }),
      });
      return concat(setReceive(module, link, receive === 'passive', 'UDP'), connecting);
    });
    return concat(checkFamily(module, family), open);
  });
