import type { LinkId } from '../state/links.js';

/** What TCP and TLS connections have in common. */
export interface StreamConfig {
  /** Name or address, 1 to 64 bytes. */
  readonly host: string;
  /** 0 to 65535. */
  readonly port: number;
  /** Link 0 to 4; default the highest free one. With AT+CIPMUX=0 there is only 0. */
  readonly link?: LinkId;
  /** 6 for IPv6, which must be on (AT+CIPV6=1) and is not in every dialect (`unsupported`). Default 4. */
  readonly family?: 4 | 6;
  /** Keep-alive in s, 0 (off) to 7200; the module's last value unless given. */
  readonly keepAlive?: number;
  /** Address of the interface to use, where the module has several. */
  readonly localAddress?: string;
  /** SO_LINGER in s; -1 off, 0 resets the connection on closing. A long one blocks the module while it closes. Default -1. Needs AT 2.1. */
  readonly linger?: number;
  /** TCP_NODELAY. Default false. Needs AT 2.1. */
  readonly noDelay?: boolean;
  /** Longest time a send may block in the module, in ms; 0 for ever. Default 10000. Needs AT 2.1. */
  readonly sendTimeout?: number;
  /** Default `passive`: demand reaches the peer; not on ESP32 before 2.0, and for TCP alone on NONOS (`unsupported`). `active` holds what comes in a bounded queue. */
  readonly receive?: 'passive' | 'active';
  /** Most bytes an active socket holds unread before it fails with `link`/`overflow`. From 1 on. Default 65536. */
  readonly queueLimit?: number;
}

/** Most bytes an active socket holds unless it is told. */
export const defaultQueueLimit = 65_536;
