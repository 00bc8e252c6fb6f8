import { isIP } from 'node:net';
import { InvalidArgumentError } from 'commander';

const known = ['http:', 'https:'];

/** Reads an http:// or https:// URL. */
export const webAddress = (text: string): URL => {
  if (!URL.canParse(text)) throw new InvalidArgumentError('It is no URL; expected http://HOST[:PORT]/PATH or https://…');
  const url = new URL(text);
  if (!known.includes(url.protocol)) throw new InvalidArgumentError('Only http:// and https:// can be fetched.');
  return url;
};

/** Where an answer with a `Location` header leads; undefined where nobody can go. */
export const redirected = (from: URL, location: string): URL | undefined => {
  if (!URL.canParse(location, from.href)) return undefined;
  const url = new URL(location, from);
  return known.includes(url.protocol) ? url : undefined;
};

/** The URL in words: without name and password. */
export const shownAddress = ({ protocol, host, pathname, search }: URL): string => `${protocol}//${host}${pathname}${search}`;

/** Whom to connect to; `name` is what a TLS server is asked for, which an address never is. */
export const peerOf = ({ protocol, hostname, port }: URL): { readonly host: string; readonly port: number; readonly family: 4 | 6; readonly name?: string } => {
  const host = hostname.replace(/^\[|\]$/g, '');
  const family = isIP(host) === 6 ? 6 : 4;
  return { host, port: port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port), family, ...(isIP(host) === 0 ? { name: host } : {}) };
};
