import { concat, defer, EMPTY, ignoreElements, map, type Observable, switchMap, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import type { Parameters } from '../command/index.js';
import * as commands from '../commands/bt.js';
import { inForce } from '../features/inForce.js';
import type { AtModule } from '../module/atModule.js';
import { btOn, whileOn } from './btRole.js';
import { type DeviceMajorClass, type DeviceServiceClass, majorClassOf, minorClassOf, serviceBitsOf } from './deviceClass.js';
import { type BtSecurity, securityOf } from './securityParameters.js';

/** Who may find the module, and who may connect to it. */
export type BtVisibility = Parameters<typeof commands.scanMode>['mode'];

/** What the module says it is. */
export interface BtDeviceClass {
  readonly major: DeviceMajorClass;
  /** A name of its major class, such as `printer` of `imaging`, or a number of 0 to 63. Default 0. */
  readonly minor?: string | number;
  /** Default none. */
  readonly services?: readonly DeviceServiceClass[];
}

/** What is set whenever classic Bluetooth comes into force; of all but the name the module knows nothing after a restart. */
export interface BtSettings {
  /** AT+BTNAME, 1 to 248 bytes; kept by the module. */
  readonly name?: string;
  /** AT+BTSCANMODE. The module's own is `hidden`. */
  readonly visibility?: BtVisibility;
  /** AT+BTCOD. */
  readonly deviceClass?: BtDeviceClass;
  /** AT+BTSECPARAM. The module's own: `no-input-no-output`, and a PIN that is asked for. */
  readonly security?: BtSecurity;
}

const setClass = (module: AtModule, { major: name, minor = 0, services = [] }: BtDeviceClass): Observable<unknown> => {
  const major = majorClassOf(name);
  const number = typeof minor === 'number' ? minor : minorClassOf(major, minor);
  if (number === undefined) return throwError(() => new AtError({ kind: 'usage', code: 'device-class', message: `${name} has no minor class ${String(minor)}`, details: { major: name, minor } }));
  return module.exec(commands.deviceClass, { major, minor: number, service: serviceBitsOf(services) });
};

/** Sets what is given. Cold. */
export const settle = (module: AtModule, { name, visibility, deviceClass: wanted, security }: BtSettings): Observable<never> =>
  concat(
    name === undefined ? EMPTY : module.exec(commands.name, { name }),
    security === undefined ? EMPTY : module.exec(commands.security, securityOf(security)),
    wanted === undefined ? EMPTY : defer(() => setClass(module, wanted)),
    // Last: who finds it finds what it is.
    visibility === undefined ? EMPTY : module.exec(commands.scanMode, { mode: visibility }),
  ).pipe(ignoreElements());

/**
 * Classic Bluetooth, on for as long as it is subscribed to, with these settings. Cold: AT+BTINIT=1 unless it is on, then AT+BTNAME, AT+BTSECPARAM, AT+BTCOD, AT+BTSCANMODE where given; emits `on` when
 * that is in force, and again after each restart of the module, when it has been set anew. Completes with the module. The last of all who use classic Bluetooth to unsubscribe sends
 * AT+BTINIT=0, in the background. Errors: `usage` (parameter, device-class) and `unsupported` before a byte of the setting is sent, `command` (rejected: AT+CIPMODE=1, a build without
 * it). Document 000 §8.1 to §8.3, §8.15, §8.21.
 */
export const radio = (module: AtModule, settings: BtSettings = {}): Observable<'on'> =>
  btOn(module).pipe(
    switchMap((on) =>
      concat(
        settle(module, settings),
        [on],
      ),
    ),
  );

/** AT+BTNAME: sets the name where it is given; emits the one in force and completes. Kept by the module. Document 000 §8.2. */
export const name = (module: AtModule, wanted?: string): Observable<string> =>
  whileOn(module, () =>
    inForce(
      () => module.exec(commands.nameQuery),
      wanted === undefined ? undefined : () => module.exec(commands.name, { name: wanted }),
    ),
  );

/**
 * AT+BTSCANMODE: sets it where it is given; emits the one in force and completes. Lasts as long as classic Bluetooth is on: whoever sets it holds `radio` or a profile. The query is
 * not in 2.0 (`command`/`rejected`). Document 000 §8.3.
 */
export const visibility = (module: AtModule, wanted?: BtVisibility): Observable<BtVisibility> =>
  whileOn(module, () =>
    inForce(
      () => module.exec(commands.scanModeQuery).pipe(map(({ mode }) => mode)),
      wanted === undefined ? undefined : () => module.exec(commands.scanMode, { mode: wanted }),
    ),
  );

/** AT+BTCOD: what the module says it is, as long as classic Bluetooth is on; emits nothing and completes. Errors: `usage` (device-class, parameter). Document 000 §8.21. */
export const deviceClass = (module: AtModule, wanted: BtDeviceClass): Observable<never> => whileOn(module, () => settle(module, { deviceClass: wanted }));
