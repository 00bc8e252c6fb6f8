import { Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Parameters } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { restarted } from './restarted.js';

/** What is announced: `hostname`, `service` (`_http`) and `port`; `instance`, `protocol` (`_tcp`) and `txt` (up to 10 records) in document 002 only. */
export type MdnsConfig = Parameters<typeof wifi.mdns>;

/**
 * Announces a service by mDNS. Cold: on subscribe it sends AT+MDNS=1, emits what is announced once the module has accepted it, and stays; unsubscribing sends
 * AT+MDNS=0 in the background. The module announces one service at a time and needs an address. A restart ends it with `module`/`reset` (safe to repeat).
 * Errors: `command`, `unsupported` (parameters of document 002), `usage`, `module`, `transport`. Document 000 §3.19; document 002 AT+MDNS.
 */
export const mdns = (module: AtModule, config: MdnsConfig): Observable<MdnsConfig> =>
  new Observable<MdnsConfig>((subscriber) => {
    let begun = true;
    const over = (error: unknown): void => {
      begun = false;
      subscriber.error(error);
    };
    subscriber.add(restarted(module, 'the mDNS announcement').subscribe({ error: over, complete: () => subscriber.complete() }));
    subscriber.add(module.exec(wifi.mdns, config).subscribe({ error: over, complete: () => subscriber.next(config) }));
    return () => {
      // Sent also when it is left before its OK: AT+MDNS=0 follows what is on the line.
      if (begun) module.exec(wifi.mdnsStop, {}).subscribe({ error: () => undefined });
    };
  });
