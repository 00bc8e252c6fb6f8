import { AtError } from '../../operators/atError.js';
import type { Endpoint } from '../codec/endpoint.js';
import type { LinkId } from '../state/links.js';
import { type EndedWith, type FollowConfig, followConnection, type FollowedConnection } from './followConnection.js';
import { linkOf, openedBy } from './linkEvents.js';

/** The receiving half of a link, as its events drive it. */
export interface Followed extends EndedWith {
  /** Data was announced, or has come. */
  announced(length: number, payload: Uint8Array | undefined, remote: Endpoint | undefined): void;
  /** The module said CLOSED: what is buffered is still there. */
  closed(): void;
  /** Another connection has the link. */
  replaced(error: AtError): void;
}

export interface FollowLinkConfig extends Omit<FollowConfig, 'heard' | 'receiver'> {
  readonly link: LinkId;
  readonly receiver: Followed;
}

/** Follows one connection of a link: from now on its events are this one's. */
export const followLink = ({ link, live, receiver, details, ...config }: FollowLinkConfig): FollowedConnection =>
  followConnection({
    ...config,
    live,
    receiver,
    details,
    heard: (event) => {
      if (linkOf(event) !== link) return;
      const { name, fields, payload } = event;
      if (name === '+IPD') receiver.announced(Number(fields['length']), payload, fields['remote'] as Endpoint | undefined);
      else if (name === 'CLOSED') {
        live.over();
        receiver.closed();
      } else if (openedBy(event) !== undefined) {
        const error = new AtError({ kind: 'link', code: 'reused', message: 'the link was taken by another connection', retry: 'unknown', details: details() });
        live.over(error);
        receiver.replaced(error);
      }
    },
  });
