import { defer, mergeMap, type Observable, of } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { Overflow } from '../mailbox/mailbox.js';
import type { AtModule } from '../module/atModule.js';
import type { DatagramSocket } from '../socket/datagram.js';
import { createDatagramLink } from '../socket/datagramLink.js';
import { openConnection } from '../socket/openConnection.js';
import { isPassive, mustBePassive, setReceive } from '../socket/receiveMode.js';
import type { LinkId } from '../state/links.js';

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
  /**
   * `active`: each datagram comes by itself, with its boundaries and its sender, into a bounded queue here. `passive`: datagrams wait in the module, which
   * joins those that wait together (`joined`); `unsupported` before AT 2.0 and on NONOS. Default `active`, but `passive` where one mode serves every link
   * (before AT 4.0), stands passive, and links are open or a server is.
   */
  readonly receive?: 'passive' | 'active';
  /** Most datagrams an active socket holds unread, of 65,536 bytes at most altogether. From 1 on. Default 64. */
  readonly queueLimit?: number;
  /** What one too many is: an error `link`/`overflow` behind what is held, or dropped and counted in `lost` of the next. Default `error`. */
  readonly overflow?: Exclude<Overflow, 'drop-oldest'>;
}

const queueBytes = 65_536;

/**
 * A UDP transmission. Cold: on subscribe it takes a free link, sets the receive mode, sends AT+CIPSTART and emits one `DatagramSocket`; completes when
 * the link is closed and everything was read; unsubscribing closes the link (AT+CIPCLOSE) in the background. Before AT 4.0 the receive mode is one for
 * every link, and `tcp`, `tls` and `listen` are passive unless told otherwise: beside them a later `udp` is passive too. One that is open before them
 * keeps them out (`link`/`receive-mode` of theirs) on 2.1 unless it has `receive: 'passive'`; where the mode may change with links open (seen on 3.5),
 * it turns passive. Errors: `link` (refused, none-free, taken, receive-mode, overflow, reused, receive), `command`, `module` (reset), `transport`,
 * `unsupported`, `usage`. Document 000 §4.3.2; document 002 AT+CIPSTART.
 */
export const udp = (module: AtModule, config: UdpConfig): Observable<DatagramSocket> =>
  defer(() => {
    const { localPort, mode, family = 4, receive, queueLimit = 64, overflow = 'error' } = config;
    const given = {
      type: family === 6 ? ('UDPv6' as const) : ('UDP' as const),
      ...(localPort === undefined ? {} : { localPort }),
      ...(mode === undefined ? {} : { mode }),
    };
    const prepare = (link: LinkId): Observable<never> => {
      const passive = receive === undefined ? mustBePassive(module, link) : of(receive === 'passive');
      return passive.pipe(mergeMap((choice) => setReceive(module, link, choice, 'UDP')));
    };
    return openConnection({
      module,
      config,
      prepare,
      connect: (params) => module.exec(tcpip.connectUdp, { ...params, ...given }),
      create: (base) =>
        createDatagramLink({
          ...base,
          passive: isPassive(module, base.link),
          queue: { datagrams: queueLimit, bytes: queueBytes, overflow: overflow === 'error' ? 'error' : 'drop' },
        }),
    });
  });
