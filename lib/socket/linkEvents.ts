import type { Endpoint } from '../codec/endpoint.js';
import type { AtEvent } from '../command/event.js';
import type { LinkId } from '../state/links.js';

/** What the module tells about a connection that has just been opened. */
export interface Opened {
  readonly link: LinkId;
  readonly role?: 'client' | 'server';
  readonly remote?: Endpoint;
  readonly localPort?: number;
}

/** The link an event is about; 0 with AT+CIPMUX=0. */
export const linkOf = ({ fields }: AtEvent): LinkId => (typeof fields['link'] === 'number' ? fields['link'] : 0);

/** A connection that was opened, by CONNECT or +LINK_CONN; `undefined` for other events. */
export const openedBy = (event: AtEvent): Opened | undefined => {
  const link = linkOf(event);
  if (event.name === 'CONNECT') return { link };
  // 1.2 prints +LINK_CONN for a connection that failed too, with another status than 0.
  if (event.name !== '+LINK_CONN' || Number(event.fields['status'] ?? 0) !== 0) return undefined;
  const { role, remoteAddress, remotePort, localPort } = event.fields as { role: 'client' | 'server'; remoteAddress: string; remotePort: number; localPort: number };
  return { link, role, remote: { address: remoteAddress, port: remotePort }, localPort };
};
