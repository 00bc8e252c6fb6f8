import { concat, defer, EMPTY, finalize, ignoreElements, mergeMap, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import { openStream } from '../socket/openStream.js';
import { type ClockConfig, setClock } from '../socket/setClock.js';
import type { Socket } from '../socket/socket.js';
import type { StreamConfig } from '../socket/streamConfig.js';
import type { LinkId } from '../state/links.js';

/** How a TLS connection is opened. */
export interface TlsConfig extends StreamConfig {
  /** Who proves itself by a certificate: `client` sends the module's, `server` judges the peer's, for which the clock must be right. Default `none`. */
  readonly verify?: 'none' | 'client' | 'server' | 'both';
  /** Index of the module's certificate and key in its flash. Default 0. */
  readonly certificate?: number;
  /** Index of the authority's certificate. Default 0. */
  readonly authority?: number;
  /** Common name that the peer's certificate must have, to 64 bytes. */
  readonly commonName?: string;
  /** Server name to ask for (SNI), to 64 bytes. The module asks for none by itself. */
  readonly serverName?: string;
  /** Application protocols to offer (ALPN), up to 5. */
  readonly protocols?: readonly string[];
  /** Pre-shared key, to 32 bytes: as text, or as hex digits (3.3 and later) where it holds other bytes. Shown nowhere. */
  readonly key?: { readonly text: string; readonly hint: string } | { readonly hex: string; readonly hint: string };
  /** The clock is set by SNTP before the peer's certificate is judged. `false`: never. */
  readonly clock?: ClockConfig | false;
}

/** Settings of a link that outlive its connection, until a restart: those this package has set. */
type Kept = 'commonName' | 'serverName' | 'protocols' | 'key';
const kept = new WeakMap<AtModule, Map<LinkId, Set<Kept>>>();

const keptOf = (module: AtModule, link: LinkId): Set<Kept> => {
  const links = kept.get(module) ?? new Map<LinkId, Set<Kept>>();
  kept.set(module, links);
  const found = links.get(link) ?? new Set<Kept>();
  links.set(link, found);
  return found;
};

const verification = (module: AtModule, link: LinkId, { verify = 'none', certificate = 0, authority = 0 }: TlsConfig): Observable<never> => {
  const params = module.settings.cipmux ? { link } : {};
  return module.exec(tcpip.tlsQuery).pipe(
    mergeMap((rows) => {
      const row = rows.find((found) => found.link === link);
      // Every AT+CIPSSLCCONF is written to flash: one that changes nothing is left out.
      const stands = row?.verify === verify && row.certificate === certificate && row.authority === authority;
      return stands ? EMPTY : module.exec(tcpip.tls, { ...params, verify, certificate, authority });
    }),
    ignoreElements(),
  );
};

/** Everything before AT+CIPSTART. */
export const prepareTls = (module: AtModule, link: LinkId, config: TlsConfig): Observable<never> =>
  defer(() => {
    const { commonName, serverName, protocols, key, verify, clock = {} } = config;
    const params = module.settings.cipmux ? { link } : {};
    const set = keptOf(module, link);
    /** Sets what is asked for, and clears what an earlier connection of this link has left. */
    const keep = <T>(what: Kept, value: T | undefined, none: T, send: (value: T) => Observable<unknown>): Observable<never> => {
      if (value === undefined && !set.has(what)) return EMPTY;
      return send(value ?? none).pipe(
        ignoreElements(),
        finalize(() => (value === undefined ? set.delete(what) : set.add(what))),
      );
    };
    const judges = verify === 'server' || verify === 'both';
    return concat(
      judges && clock !== false ? setClock(module, clock) : EMPTY,
      verification(module, link, config),
      keep('commonName', commonName, '', (name) => module.exec(tcpip.tlsName, { ...params, name })),
      keep('serverName', serverName, '', (name) => module.exec(tcpip.tlsServerName, { ...params, name })),
      keep('protocols', protocols, [], (names) => module.exec(tcpip.tlsProtocols, { ...params, protocols: names })),
      keep('key', key, { text: '', hint: '' }, (given) =>
        'hex' in given ? module.exec(tcpip.tlsKeyHex, { ...params, key: given.hex, hint: given.hint }) : module.exec(tcpip.tlsKey, { ...params, key: given.text, hint: given.hint }),
      ),
    );
  });

/**
 * A TLS connection. As `tcp`; before AT+CIPSTART the clock is set where the peer's certificate is judged, then AT+CIPSSLCCONF (in flash, so only when it
 * changes), names, protocols and key of the link. Cold: one `Socket`, completes when the peer has closed and everything was read; unsubscribing closes
 * the link. Lengths that the module announces are upper bounds here. Errors as `tcp`, and `link`/`clock`; a missing certificate is `command`/`rejected`
 * with `details.reason`. A handshake may take a minute. Document 000 §4.3.3, §4.20; document 002 AT+CIPSTART, AT+CIPSSLCCONF.
 */
export const tls = (module: AtModule, config: TlsConfig): Observable<Socket> => openStream(module, 'SSL', config, (link) => prepareTls(module, link, config));
