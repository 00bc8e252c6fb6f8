import { concat, defer, EMPTY, ignoreElements, type Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { checkQueue } from '../socket/checkQueue.js';
import { checkFamily } from '../socket/checkFamily.js';
import { rawStream } from '../socket/rawStream.js';
import { setReceive } from '../socket/receiveMode.js';
import type { Duplex } from '../socket/socket.js';
import { withLink } from '../state/withLink.js';
import { type PassageTimes, setPassageTimes } from './passageTimes.js';
import { prepareTls, type TlsConfig } from './tls.js';
import { passage, unlinked } from './transparentPassage.js';
import { checkTransparent } from './transparentTypes.js';

/** A connection whose bytes go through the module as they are. */
export interface TransparentConfig extends PassageTimes {
  /** Name or address, 1 to 64 bytes. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Default `TCP`. `UDP` keeps no datagram boundaries: what comes within 20 ms is one. `SSL` where the dialect has it (`unsupported` in 2.0 and 2.1). */
  readonly type?: 'TCP' | 'UDP' | 'SSL';
  /** 6 for IPv6, which must be on (AT+CIPV6=1) and is not in every dialect (`unsupported`). Default 4. */
  readonly family?: 4 | 6;
  /** Keep-alive in s, 0 (off) to 7200; not of UDP. */
  readonly keepAlive?: number;
  /** The module's own port; UDP only. */
  readonly localPort?: number;
  /** TLS settings of the connection. */
  readonly tls?: Omit<TlsConfig, 'host' | 'port'>;
  /** Most bytes held unread before the port is held, or before the duplex fails with `link`/`overflow` where it cannot be. From 1 on. Default 65536. */
  readonly queueLimit?: number;
}

const defaultLimit = 65_536;

/**
 * Passthrough: bytes go through the module as they are, and nothing else does. Cold: on subscribe it sets AT+TRANSINTVL and AT+CIPRECONNINTV where given, waits for the line, sets active receive, then AT+CIPMUX=0 where that is 1,
 * AT+CIPSTART, AT+CIPMODE=1, AT+CIPSEND, and emits one `Duplex`. Commands of others wait until it has ended. Completes after `end()`. Unsubscribing, `end()` and
 * the closing of the module leave it in order: quiet, `+++` alone, a second of quiet, a query until it is answered, AT+CIPMODE=0, AT+CIPCLOSE, and
 * AT+CIPMUX as it was; on unsubscribe in the background, and where the connection is still being made once AT+CIPSTART has ended.
 *
 * The module tells nothing meanwhile: when the peer closes it connects again by itself, and a restart is found out when the stream is left
 * (`module`/`reset`). What comes is not asked for: a port that can be held is while more than `queueLimit` bytes are unread. With RTS/CTS a send waits
 * as long as the peer takes nothing; without flow control the module loses what is sent faster. A lone `+++` of the user is sent with a pause inside.
 * `end()` keeps what came until the stream was over for reading. Errors: `link` (taken: links are open or a server runs; refused, overflow, mixed: the
 * last bytes may be the module's), `command`, `module` (reset, lost; settings: AT+CIPMUX did not come back, and the module is being set up anew),
 * `transport` (stalled: the line takes nothing for a minute after the stream was to be left),
 * `unsupported`, `usage`. Document 000 §4.5, §4.12; document 002 AT+CIPMODE, AT+CIPSEND, +++.
 */
export const transparent = (module: AtModule, config: TransparentConfig): Observable<Duplex> =>
  defer(() => {
    const { host, port, type = 'TCP', family = 4, queueLimit = defaultLimit, tls } = config;
    const open = withLink(module, 0, (lease) =>
      rawStream(module, {
        limit: queueLimit,
        before: (unwanted) => concat(unlinked(module), defer(() => (unwanted() ? EMPTY : setReceive(module, 0, false, type)))),
        early: ({ name, payload }) => (name === '+IPD' ? payload : undefined),
        run: (alone, unwanted, through) => passage(alone, config, module.settings.cipmux, unwanted, through),
        abandoned: (done) => lease.leave(done),
      }),
    );
    // An ordinary command first: what was queued before, a CIPCLOSE among it, comes before.
    const turn = defer(() => module.exec(basic.probe)).pipe(ignoreElements());
    const ready = type === 'SSL' ? prepareTls(module, 0, { ...tls, host, port }) : EMPTY;
    return concat(checkQueue(queueLimit), checkFamily(module, family), checkTransparent(module, config), setPassageTimes(module, config), turn, ready, open);
  });
