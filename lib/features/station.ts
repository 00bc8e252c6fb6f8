import type { Observable } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Parameters } from '../command/index.js';
import type { AtModule } from '../module/atModule.js';
import { joinedBy, type StationState } from './stationStates.js';

export type { StationState } from './stationStates.js';

/** Parameters of AT+CWJAP (the password is secret), and whether leaving the Observable leaves the access point. */
export interface StationConfig extends Parameters<typeof wifi.join> {
  /** Send AT+CWQAP on unsubscribe. Default false: the station stays joined. */
  readonly leave?: boolean;
}

/**
 * The module as a station of an access point. Cold: on subscribe it switches the station on and sends AT+CWJAP; emits every change of state, with the
 * address once there is one; never completes by itself. Unsubscribing leaves the access point only with `leave: true`.
 * A refused join errors `command`/`rejected` with `details.reason` (`password`, `not-found`, `timeout`, `refused`). Document 000 §3.2.
 */
export const station = (module: AtModule, { leave = false, ...params }: StationConfig): Observable<StationState> =>
  joinedBy(module, () => module.exec(wifi.join, params), leave);
