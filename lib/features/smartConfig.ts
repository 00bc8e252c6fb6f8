import { concatMap, defer, EMPTY, mergeMap, type Observable, of, takeWhile } from 'rxjs';
import * as wifi from '../commands/wifi.js';
import type { Secret } from '../codec/index.js';
import type { AtEvent, Parameters } from '../command/index.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { provisioned } from './provisioned.js';

/** Kind of SmartConfig (default ESP-TOUCH and AirKiss); `weakest` encryption to accept and the `key` of ESP-TOUCH v2 need AT 2.4. */
export type SmartConfigConfig = Partial<Parameters<typeof wifi.smartConfigOf>>;

/** How far SmartConfig is. Before AT 2.4 the firmware does not print name and password. */
export type SmartConfigStage =
  | { readonly stage: 'type'; readonly type: string }
  | { readonly stage: 'got-info'; readonly ssid: string | undefined; readonly password: Secret | undefined }
  | { readonly stage: 'data'; readonly data: Uint8Array }
  | { readonly stage: 'connected' };

/** Reads the stages off the module's lines: name and password follow `Smart get wifi info`, where they come at all. */
const stages = (): ((event: AtEvent) => readonly SmartConfigStage[]) => {
  let open = false;
  let ssid: string | undefined;
  const info = (password?: Secret): readonly SmartConfigStage[] => {
    const told = open ? [{ stage: 'got-info', ssid, password } as const] : [];
    open = false;
    return told;
  };
  return ({ name, fields, payload }) => {
    switch (name) {
      case events.smartConfigType.name:
        return [{ stage: 'type', type: String(fields['type']) }];
      case events.smartConfigInfo.name:
        open = true;
        return [];
      case events.smartConfigSsid.name:
        ssid = String(fields['ssid']);
        return [];
      case events.smartConfigPassword.name:
        return info(fields['password'] as Secret);
      case events.smartConfigData.name:
        return payload === undefined ? [] : [...info(), { stage: 'data', data: payload }];
      case events.stationConnected.name:
        return info();
      case events.smartConfigDone.name:
        return [...info(), { stage: 'connected' }];
      default:
        return [];
    }
  };
};

/** Only a module that is nothing but a station takes SmartConfig. */
const stationOnly = (module: AtModule): Observable<unknown> =>
  module.exec(wifi.modeQuery).pipe(mergeMap(({ mode }) => (mode === 'station' ? EMPTY : module.exec(wifi.mode, { mode: 'station' }))));

/**
 * Has a phone tell the module its access point (ESP-TOUCH, AirKiss). Cold: on subscribe it switches to station mode, a softAP off, and sends
 * AT+CWSTARTSMART; emits each stage and completes after `connected`. AT+CWSTOPSMART is always sent before it ends, also on unsubscribe, where it goes
 * on in the background. The module takes no other command meanwhile: those of others wait until then. It waits for a phone without end; bound it with
 * `timeout`. Errors: `usage`, `unsupported`, `command`, `module` (reset). Document 000 §3.16, §3.17.
 */
export const smartConfig = (module: AtModule, { type, weakest, key }: SmartConfigConfig = {}): Observable<SmartConfigStage> =>
  provisioned(module, {
    prepare: () => stationOnly(module),
    start: (): Observable<unknown> =>
      type === undefined && weakest === undefined && key === undefined
        ? module.exec(wifi.smartConfig)
        : module.exec(wifi.smartConfigOf, { type: type ?? 'esp-touch and airkiss', weakest, key }),
    progress: () =>
      defer(() => {
        const read = stages();
        return module.events.pipe(
          concatMap((event) => read(event)),
          takeWhile(({ stage }) => stage !== 'connected'),
        );
      }),
    stop: ({ exec }) => exec(wifi.smartConfigStop),
    conclude: () => of({ stage: 'connected' }),
  });
