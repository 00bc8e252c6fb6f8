import type { HostDatagramHandler } from './datagramExchange.js';
import type { HostHandler } from './hostSocket.js';

/** One computer of the in-memory network. */
export interface HostConfig {
  /** TCP services by port; other ports refuse. */
  readonly tcp?: Readonly<Record<number, HostHandler>>;
  /** TLS services by port: handlers see the plain text, a connection without TLS is reset. */
  readonly tls?: Readonly<Record<number, HostHandler>>;
  /** UDP services by port; datagrams to other ports are lost. */
  readonly udp?: Readonly<Record<number, HostDatagramHandler>>;
  /** Further names of this host. */
  readonly names?: readonly string[];
  /** Its IPv4 address where the key is a name; given out from 203.0.113.1 on otherwise. */
  readonly address?: string;
  /** Its IPv6 address, if it has one. */
  readonly address6?: string;
  /** `up` (default) answers; `silent` swallows everything, so that connecting times out; `unreachable` is reported by the router at once. */
  readonly state?: 'up' | 'silent' | 'unreachable';
  /** One-way delay in milliseconds instead of the network's. */
  readonly latency?: number;
  /** Receive window in bytes. Default 65,535. */
  readonly window?: number;
  /** Send buffer in bytes: how much a handler may push ahead of the module's window. Default 65,536. */
  readonly sendBuffer?: number;
}

/** A configured host and its addresses. */
export interface Host {
  readonly address: string;
  readonly address6: string | undefined;
  readonly config: HostConfig;
}

const dotted = /^\d{1,3}(\.\d{1,3}){3}$/;

/** Whether a host is given by address, not by name. */
export const isAddress = (host: string): boolean => dotted.test(host) || host.includes(':');

/** The computers that exist, by name (in any case) and address. */
export class HostTable {
  private readonly hosts = new Map<string, Host>();
  private names = 0;

  constructor(configs: Readonly<Record<string, HostConfig>> = {}) {
    for (const [key, config] of Object.entries(configs)) this.set(key, config);
  }

  set(key: string, config: HostConfig | undefined): void {
    const old = this.find(key);
    for (const [name, host] of this.hosts) if (host === old) this.hosts.delete(name);
    if (config === undefined) return;
    const host = { config, address: this.addressOf(key, config, old), address6: config.address6 ?? (key.includes(':') ? key : undefined) };
    for (const name of [key, host.address, host.address6, ...(config.names ?? [])]) if (name !== undefined) this.hosts.set(name.toLowerCase(), host);
  }

  find(nameOrAddress: string): Host | undefined {
    return this.hosts.get(nameOrAddress.toLowerCase());
  }

  private addressOf(key: string, { address }: HostConfig, old: Host | undefined): string {
    if (isAddress(key)) return key;
    if (address !== undefined || old !== undefined) return address ?? (old as Host).address;
    this.names += 1;
    return `203.0.113.${String(this.names)}`;
  }
}
