import { checkServerIdentity, type ConnectionOptions } from 'node:tls';
import { NetworkError, type TlsOptions } from '../network/network.js';

/** The certificates flashed into the module, by their numbers; PEM. */
export interface TlsFiles {
  /** What the module trusts, by `ca_number`. */
  readonly ca?: Readonly<Record<number, string>>;
  /** What the module shows, by `pki_number`. */
  readonly pki?: Readonly<Record<number, { readonly cert: string; readonly key: string }>>;
}

const needed = <T>(value: T | undefined, what: string): T => {
  if (value === undefined) throw new NetworkError('tls', what);
  return value;
};

/** Node's options for a TLS client as `AT+CIPSSLC…` set it up; throws a `NetworkError` `tls` where a certificate is missing. */
export const tlsConnection = (options: TlsOptions, files: TlsFiles): ConnectionOptions => {
  const checks = options.authMode === 2 || options.authMode === 3;
  const shows = options.authMode === 1 || options.authMode === 3;
  const { serverName, commonName, alpn, psk } = options;
  const own = shows ? needed(files.pki?.[options.pkiNumber], `no certificate number ${String(options.pkiNumber)}`) : undefined;
  return {
    rejectUnauthorized: checks,
    ...(checks && psk === undefined ? { ca: needed(files.ca?.[options.caNumber], `no CA number ${String(options.caNumber)}`) } : {}),
    ...(own === undefined ? {} : { cert: own.cert, key: own.key }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    // The firmware compares the name of the certificate only where a common name is configured.
    checkServerIdentity: (_host, certificate) => (commonName === undefined ? undefined : checkServerIdentity(commonName, certificate)),
    ...(alpn === undefined || alpn.length === 0 ? {} : { ALPNProtocols: [...alpn] }),
    ...(psk === undefined
      ? {}
      : { pskCallback: () => ({ psk: psk.key, identity: psk.hint }), ciphers: 'PSK', maxVersion: 'TLSv1.2' as const }),
  };
};
