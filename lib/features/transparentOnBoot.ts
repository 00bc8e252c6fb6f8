import { concat, defer, ignoreElements, type Observable } from 'rxjs';
import * as tcpip from '../commands/tcpip.js';
import type { AtModule } from '../module/atModule.js';
import { checkTransparent, type TransparentKind, transparentType } from './transparentTypes.js';

/** Where the module connects to as soon as it has booted. */
export interface TransparentOnBootConfig extends TransparentKind {
  /** Name or address, 1 to 64 bytes. */
  readonly host: string;
  /** 1 to 65535. */
  readonly port: number;
  /** Keep-alive in s, 0 (off) to 7200; not of UDP. */
  readonly keepAlive?: number;
  /** The module's own port; UDP only. */
  readonly localPort?: number;
}

const saved = (module: AtModule, config: TransparentOnBootConfig): Observable<undefined> => {
  const { host, port, type = 'TCP', keepAlive, localPort } = config;
  const where = { host, port, type: transparentType(config) } as const;
  return type === 'UDP'
    ? module.exec(tcpip.savedLinkUdp, { ...where, type: where.type as 'UDP', ...(localPort === undefined ? {} : { localPort }) })
    : module.exec(tcpip.savedLink, { ...where, type: where.type as 'TCP', ...(keepAlive === undefined ? {} : { keepAlive }) });
};

/**
 * Whether the module starts straight into passthrough (always stored): with `false` it starts normally again. Cold: on subscribe it sends AT+SAVETRANSLINK and completes
 * with its OK. Meant for a host that speaks no AT; `openModule` leaves such a start by `+++`, and what its connection brought until then is lost.
 * Unsubscribing sends nothing more. Errors: `usage`, `unsupported`, `command`, `module`, `transport`. Document 000 §4.13; document 002 AT+SAVETRANSLINK.
 */
export const transparentOnBoot = (module: AtModule, config: TransparentOnBootConfig | false): Observable<never> =>
  config === false
    ? module.exec(tcpip.savedLinkOff, {}).pipe(ignoreElements())
    : concat(checkTransparent(module, config), defer(() => saved(module, config)).pipe(ignoreElements()));
