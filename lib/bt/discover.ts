import { defer, map, type Observable, throwError } from 'rxjs';
import { checkNumber } from '../../operators/checkNumber.js';
import * as commands from '../commands/bt.js';
import type { AtModule } from '../module/atModule.js';
import { whileOn } from './btRole.js';
import { type DeviceClassNames, deviceClassNames, type DeviceClassNumbers } from './deviceClass.js';

/** How devices are looked for. */
export interface BtDiscoverOptions {
  /** ms, in units of 1280 which it is rounded up to, 1280 to 61440. Default 10240. */
  readonly duration?: number;
  /** Ends after so many answers, 1 to 255; each device answers again and again. Default: no limit. */
  readonly responses?: number;
  /** `limited` hears only devices that are discoverable for a limited time. Default `general`. */
  readonly mode?: 'general' | 'limited';
}

/** A device, as it was heard once. */
export interface BtDevice {
  /** Lower case, with colons. */
  readonly address: string;
  /** Not in every answer. */
  readonly name: string | undefined;
  /** What it is, where it says so: the numbers and their names. */
  readonly deviceClass: (DeviceClassNames & { readonly numbers: DeviceClassNumbers }) | undefined;
  /** dBm, where it is told. */
  readonly rssi: number | undefined;
}

/** Of an inquiry, in ms. */
const unit = 1280;

const named = (major: number | undefined, minor = 0, service = 0): BtDevice['deviceClass'] => {
  if (major === undefined) return undefined;
  const numbers = { major, minor, service };
  return { ...deviceClassNames(numbers), numbers };
};

/**
 * Finds discoverable devices. Cold: on subscribe AT+BTINIT=1 unless it is on, and AT+BTSTARTDISC; emits each answer as it comes, each device again and again, and
 * completes with the inquiry. Unsubscribing leaves it to its end: the module takes no other command before. Errors: `usage` (duration, responses), `unsupported`, `command`
 * (rejected, timeout), `module`/`reset`. Document 000 §8.4.
 */
export const discover = (module: AtModule, { duration = 10_240, responses, mode = 'general' }: BtDiscoverOptions = {}): Observable<BtDevice> =>
  defer(() => {
    const fault = checkNumber('duration', Math.ceil(duration), 1, unit * 48) ?? checkNumber('responses', responses, 1, 255);
    if (fault !== undefined) return throwError(() => fault);
    const wanted = { mode, length: Math.ceil(duration / unit), responses: responses ?? 0 };
    return whileOn(module, () => module.exec(commands.discover, wanted)).pipe(
      map(({ address, name, majorClass, minorClass, services, rssi }): BtDevice => ({
        address: address.toLowerCase(),
        name: name === '' ? undefined : name,
        deviceClass: named(majorClass, minorClass, services),
        rssi,
      })),
    );
  });
