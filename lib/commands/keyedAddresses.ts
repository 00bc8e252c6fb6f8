import { address, fields, ipv4, line } from '../codec/index.js';
import { group, mapped, maybe, type Response } from '../command/index.js';

/** An interface's addresses; those of IPv6 only while it is on. */
export interface InterfaceAddresses {
  readonly ip: string | undefined;
  readonly gateway: string | undefined;
  readonly netmask: string | undefined;
  /** Link-local and global. */
  readonly ip6Local?: string;
  readonly ip6Global?: string;
}

/** The answer of CIPSTA?, CIPAP? and CIPETH?: a line an address, each with its key. Document 000 shows one line without keys. */
export const keyedAddresses = (word: string): Response<InterfaceAddresses> =>
  mapped(
    group({
      ip: maybe(line(`${word}:ip:`, fields({ ip: ipv4 }))),
      gateway: maybe(line(`${word}:gateway:`, fields({ gateway: ipv4 }))),
      netmask: maybe(line(`${word}:netmask:`, fields({ netmask: ipv4 }))),
      local: maybe(line(`${word}:ip6ll:`, fields({ ip6Local: address }))),
      global: maybe(line(`${word}:ip6gl:`, fields({ ip6Global: address }))),
      // Document 000 §3.14, §3.15: one line. Last, because it fits every other.
      plain: maybe(line(`${word}:`, fields({ ip: ipv4 }))),
    }),
    ({ ip, gateway, netmask, local, global, plain }) => ({
      ip: ip?.ip ?? plain?.ip,
      gateway: gateway?.gateway,
      netmask: netmask?.netmask,
      ...(local === undefined ? {} : { ip6Local: local.ip6Local }),
      ...(global === undefined ? {} : { ip6Global: global.ip6Global }),
    }),
  );
