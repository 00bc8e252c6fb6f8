import { NEVER, map, mergeMap, of, type Observable } from 'rxjs';
import type { Board } from '../board.js';
import { bytesOf, ipOf, isIp6 } from '../format.js';
import { isGroup } from '../network/destination.js';
import type { Network, TlsOptions } from '../network/network.js';
import type { SslSettings } from '../settings.js';
import { datagramChannel, streamChannel, type Channel } from './channel.js';
import type { OpenRequest } from './openRequest.js';

const tlsOf = (ssl: SslSettings | undefined): TlsOptions => {
  if (!ssl) return { authMode: 0, pkiNumber: 0, caNumber: 0 };
  return {
    authMode: ssl.authMode,
    pkiNumber: ssl.pki,
    caNumber: ssl.ca,
    ...(ssl.serverName ? { serverName: ssl.serverName } : {}),
    ...(ssl.commonName ? { commonName: ssl.commonName } : {}),
    ...(ssl.alpn.length > 0 ? { alpn: ssl.alpn } : {}),
    ...(ssl.psk ? { psk: { key: bytesOf(ssl.psk), hint: ssl.hint } } : {}),
  };
};

/** From what AT+CIPSTART asks for to a channel through the network. */
export class Dialler {
  constructor(private readonly board: Board, private readonly network: Network) {}

  /** Cold. The channel of a request; errors as the network does. */
  connect(request: OpenRequest): Observable<Channel> {
    const { type, host, port, localPort } = request;
    const family: 4 | 6 = type.endsWith('v6') ? 6 : 4;
    const own = { window: this.board.profile.limits.window, family, ...(localPort ? { localPort } : {}) };
    if (type.startsWith('UDP')) {
      return this.addressOf(host, family).pipe(
        // A module that sends to a multicast address hears it too (document 002 AT+CIPSTART).
        mergeMap((address) => this.network.datagram(isGroup(address) ? { ...own, group: address } : own).pipe(
          map((socket) => datagramChannel(socket, { address, port }, request.peerMode, NEVER)),
        )),
      );
    }
    const tls = type.startsWith('SSL') ? { tls: tlsOf(this.board.get('ssl')[request.id]) } : {};
    return this.network.connect({ host, port, ...own, ...tls }).pipe(map(streamChannel));
  }

  /** Cold. The address itself, or what the name server says. */
  addressOf(host: string, family: 4 | 6): Observable<string> {
    return ipOf(host) !== undefined || isIp6(host) ? of(host) : this.network.resolve(host, family);
  }
}
