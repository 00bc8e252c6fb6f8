import { defer, type Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Emits, Parameters } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { joinedBy, type StationState } from './stationStates.js';

/** Parameters of AT+CWJEAP (the password is secret), and whether leaving the Observable leaves the access point. `username` and `password` for PEAP and TTLS. */
export interface EnterpriseConfig extends Omit<Parameters<typeof wifi.joinEnterprise>, 'security'> {
  /** Bit 0 client certificate, bit 1 check of the server's. Default 0. */
  readonly security?: number;
  /** Send AT+CWQAP on unsubscribe. Default false: the station stays joined. */
  readonly leave?: boolean;
}

/** The network AT+CWJEAP was given; the password is a `Secret`. */
export type EnterpriseNetwork = Emits<typeof wifi.joinEnterpriseQuery>;

/**
 * The module as a station of a WPA2 enterprise network. Cold: on subscribe it switches the station on and sends AT+CWJEAP; emits every change of state,
 * with the address once there is one; never completes by itself. Unsubscribing leaves the network only with `leave: true`. A refused join errors
 * `command`/`rejected` with the names of its codes, and `details.reason` `timeout`. Errors: `usage`, `unsupported`, `command`. Document 000 §3.20.
 */
export const enterprise = (module: AtModule, { leave = false, security = 0, ...params }: EnterpriseConfig): Observable<StationState> =>
  joinedBy(module, () => module.exec(wifi.joinEnterprise, { ...params, security }), leave);

/**
 * The enterprise network that is set. Cold: on subscribe it sends AT+CWJEAP?, emits once (`undefined` where none is set) and completes.
 * Unsubscribing lets the answer come unheard. Errors: `unsupported`, `command`. Document 000 §3.20.
 */
export const enterpriseNetwork = (module: AtModule): Observable<EnterpriseNetwork> => defer(() => module.exec(wifi.joinEnterpriseQuery));
