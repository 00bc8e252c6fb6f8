import { concat, defer, EMPTY, filter, ignoreElements, map, merge, mergeMap, type Observable, observeOn, of } from 'rxjs';
import type { Secret } from '../codec/index.js';
import type { AtEvent } from '../command/index.js';
import * as ble from '../commands/ble.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { duringRole } from './duringRole.js';

/** How the module shows itself to the phone. */
export interface BluFiConfig {
  /** What the phone sees, 1 to 29 bytes. Default: `BLUFI_DEVICE`. */
  readonly name?: string;
}

/** How far provisioning is. Before AT 3.3 the firmware tells of the access point only that it has been joined. */
export type BluFiStage =
  | { readonly stage: 'started' }
  /** A phone. */
  | { readonly stage: 'phone-connected' }
  | { readonly stage: 'phone-left' }
  | { readonly stage: 'ssid'; readonly ssid: string }
  | { readonly stage: 'password'; readonly password: Secret }
  /** Of the phone's own. */
  | { readonly stage: 'data'; readonly data: Uint8Array }
  /** The access point. */
  | { readonly stage: 'connected' }
  | { readonly stage: 'got-ip' };

const stageOf = ({ name, fields, payload }: AtEvent): BluFiStage | undefined => {
  switch (name) {
    case events.blufiConnected.name:
      return { stage: 'phone-connected' };
    case events.blufiDisconnected.name:
      return { stage: 'phone-left' };
    case events.blufiSsid.name:
      return { stage: 'ssid', ssid: String(fields['ssid']) };
    case events.blufiPassword.name:
      return { stage: 'password', password: fields['password'] as Secret };
    case events.blufiData.name:
      return payload === undefined ? undefined : { stage: 'data', data: payload };
    case events.stationConnected.name:
      return { stage: 'connected' };
    case events.stationGotIp.name:
      return { stage: 'got-ip' };
    default:
      return undefined;
  }
};

/**
 * Has a phone tell the module its access point, by BluFi. Cold: on subscribe it sends AT+BLUFINAME where a name is given, then AT+BLUFI=1; emits `started`, then each stage as the module
 * tells it, the password concealed; again from `started` after a restart of the module. Never completes: `takeWhile` on `got-ip` does where one access point is enough.
 * Unsubscribing sends AT+BLUFI=0 in the background. Errors: `usage` (name; `role`: the module is a central, a peripheral or a HID device), `unsupported`,
 * `command`. Document 000 §5.41, §5.42.
 */
export const bluFi = (module: AtModule, { name }: BluFiConfig = {}): Observable<BluFiStage> => {
  const named = name === undefined ? EMPTY : defer(() => module.exec(ble.blufiName, { name })).pipe(ignoreElements());
  // A restart forgets the name. Subscribed to before the role, it is set before AT+BLUFI=1.
  const renamed = module.events.pipe(
    filter((event) => event.name === 'ready'),
    observeOn(module.scheduler),
    mergeMap(() => named),
  );
  const told = module.events.pipe(map(stageOf), filter((stage) => stage !== undefined));
  const running = duringRole(module, 'bluFi', () => merge(of({ stage: 'started' } as const), told));
  return concat(named, merge(renamed, running));
};

/**
 * Sends 1 to 600 bytes of the application's own to the phone that is connected; what it sends comes as `data`. Cold: AT+BLUFISEND, emits nothing, completes when the phone
 * has them. Errors: `usage`, `unsupported` before AT 3.0, `command` (rejected: no phone), `send`, `module`.
 */
export const bluFiSend = (module: AtModule, data: Uint8Array): Observable<never> => defer(() => module.exec(ble.blufiSend, { length: data.length }, { data })).pipe(ignoreElements());
