import { concat, defer, EMPTY, finalize, ignoreElements, mergeMap, Observable, ReplaySubject, take, tap } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { RawLine } from '../command/index.js';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { checkFamily } from '../socket/openStream.js';
import { createRawDuplex } from '../socket/rawDuplex.js';
import { setReceive } from '../socket/receiveMode.js';
import type { Duplex } from '../socket/socket.js';
import { withLink } from '../state/withLink.js';
import { prepareTls, type TlsConfig } from './tls.js';
import { passage, unlinked } from './transparentPassage.js';
import { checkTransparent } from './transparentTypes.js';

/** A connection whose bytes go through the module as they are. */
export interface TransparentConfig {
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
  /** Most bytes held unread before the port is held, or before the duplex fails with `link`/`overflow` where it cannot be. Default 65536. */
  readonly queueLimit?: number;
}

const defaultLimit = 65_536;

interface Carrier {
  readonly limit: number;
  /** What came before the raw stream, as +IPD. */
  readonly early: readonly Uint8Array[];
  /** Somebody wants to leave. */
  readonly wish: Observable<void>;
  /** Leaves; completes when everything is closed. */
  readonly end: Observable<never>;
  readonly emit: (duplex: Duplex) => void;
  readonly overflow: (error: AtError) => void;
}

/** One duplex over a raw line, until that was left. */
const carried = (line: RawLine, { limit, early, wish, end, emit, overflow }: Carrier): Observable<never> =>
  new Observable<never>((subscriber) => {
    const raw = createRawDuplex({ line, limit, early, end, overflow });
    const error = (cause: unknown): void => subscriber.error(cause);
    // Whatever ends it: readers do not wait for ever.
    subscriber.add(() => raw.over(new AtError({ kind: 'link', code: 'closed', message: 'the raw stream is over' })));
    subscriber.add(
      raw.received.pipe(tap({ error: (cause: unknown) => raw.over(isAtError(cause) ? cause : undefined), complete: () => raw.over() })).subscribe({
        error,
        complete: () => subscriber.complete(),
      }),
    );
    const leave = wish.pipe(
      take(1),
      mergeMap(() => {
        raw.leaving();
        return line.leave();
      }),
    );
    subscriber.add(leave.subscribe({ error }));
    emit(raw.duplex);
  });

/**
 * Passthrough: bytes go through the module as they are, and nothing else does. Cold: on subscribe it waits for the line, sets active receive, then AT+CIPMUX=0 where that is 1,
 * AT+CIPSTART, AT+CIPMODE=1, AT+CIPSEND, and emits one `Duplex`. Commands of others wait until it has ended. Completes after `end()`. Unsubscribing, `end()` and
 * the closing of the module leave it in order: quiet, `+++` alone, a second of quiet, a query until it is answered, AT+CIPMODE=0, AT+CIPCLOSE, and
 * AT+CIPMUX as it was; on unsubscribe in the background, and where the connection is still being made once AT+CIPSTART has ended.
 *
 * The module tells nothing meanwhile: when the peer closes it connects again by itself, and a restart is found out when the stream is left
 * (`module`/`reset`). What comes is not asked for: a port that can be held is while more than `queueLimit` bytes are unread. A module without flow control loses
 * what is sent faster than its peer takes it. A lone `+++` of the user is sent with a pause inside. `end()` keeps what came until the stream was over for reading.
 * Errors: `link` (taken: links are open or a server runs; refused, overflow, mixed: the last bytes may be the module's), `command`, `module` (reset, lost), `transport`,
 * `unsupported`, `usage`. Document 000 §4.5, §4.12; document 002 AT+CIPMODE, AT+CIPSEND, +++.
 */
export const transparent = (module: AtModule, config: TransparentConfig): Observable<Duplex> =>
  defer(() => {
    const { host, port, type = 'TCP', family = 4, queueLimit = defaultLimit, tls } = config;
    const open = withLink(module, 0, (lease) =>
      new Observable<Duplex>((subscriber) => {
        const wish = new ReplaySubject<void>(1);
        const done = new ReplaySubject<never>(1);
        let quitting = false;
        let finished = false;
        const leave = (): void => {
          quitting = true;
          wish.next();
        };
        const finish = (): void => {
          finished = true;
          done.complete();
        };
        const end = defer(() => {
          leave();
          return done;
        });
        const error = (cause: unknown): void => subscriber.error(cause);
        const early: Uint8Array[] = [];
        const carrier: Carrier = { limit: queueLimit, early, wish, end, emit: (duplex) => subscriber.next(duplex), overflow: error };
        const work = defer(() => {
          const multiple = module.settings.cipmux;
          return module.line.alone((alone) => {
            const listening = alone.leaving.subscribe({ next: leave, error: leave });
            listening.add(module.events.subscribe({ next: ({ name, payload }) => void (name === '+IPD' && payload !== undefined && early.push(payload)), error: leave }));
            return passage(alone, config, multiple, () => quitting, (line) => carried(line, carrier)).pipe(finalize(() => listening.unsubscribe()));
          });
        });
        // Not tied to the subscriber: what was begun is undone whoever listens.
        concat(unlinked(module), defer(() => (quitting ? EMPTY : setReceive(module, 0, false, type))), defer(() => (quitting ? EMPTY : work))).pipe(finalize(finish)).subscribe({ error, complete: () => subscriber.complete() });
        return () => {
          leave();
          if (!finished) lease.leave(done);
        };
      }),
    );
    // An ordinary command first: what was queued before, a CIPCLOSE among it, comes before.
    const turn = defer(() => module.exec(basic.probe)).pipe(ignoreElements());
    const ready = type === 'SSL' ? prepareTls(module, 0, { ...tls, host, port }) : EMPTY;
    return concat(checkFamily(module, family), checkTransparent(module, config), turn, ready, open);
  });
