import { Observable } from 'rxjs';
import { ok, type Outcome } from '../outcome.js';
import type { Call, Handler } from '../device.js';
import { errorCode, Refusal } from '../refusal.js';
import type { Settings } from '../settings.js';

/** Refuses a wrong number of parameters. `shown` is what 2.x prints as the needed count. */
export const counted = ({ device, args }: Call, min: number, max: number, shown = min): void => {
  if (args.count >= min && args.count <= max) return;
  if (device.profile.style.countCodes) throw new Refusal(errorCode.count(shown, args.count));
  // 4.x: too few shows up as the first missing parameter.
  if (args.count > max) throw new Refusal();
};

/** `+NAME:<value>` with its own line end. */
export const showNumber = (key: { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings]): Handler =>
  ({ device, name, print }) => {
    print(`${name}:${device.get(key)}\r\n`);
    return ok();
  };

/** `+NAME:<value>,<value>…` with its own line end. */
export const showNumbers = (key: { [K in keyof Settings]: Settings[K] extends readonly number[] ? K : never }[keyof Settings]): Handler =>
  ({ device, name, print }) => {
    print(`${name}:${device.get(key).join(',')}\r\n`);
    return ok();
  };

/** One number between the bounds, plain ERROR outside. */
export const setNumber = (
  key: { [K in keyof Settings]: Settings[K] extends number ? K : never }[keyof Settings],
  min: number,
  max: number | ((call: Call) => number),
): Handler =>
  (call) => {
    counted(call, 1, 1);
    call.device.set(key, call.args.int(0, { min, max: typeof max === 'number' ? max : max(call) }));
    return ok();
  };

/** Fails the command unless the condition holds; `stateCode` adds 2.x's 0x010a0000. */
export const demand = (condition: boolean, { device }: Call, stateCode = false): void => {
  if (condition) return;
  throw stateCode && device.profile.style.stateCodes ? new Refusal(errorCode.failed) : new Refusal();
};

/** Cold. How a command ends after `ms`, found out then. */
export const later = (call: Call, ms: number, then: () => Outcome): Observable<Outcome> =>
  new Observable((subscriber) =>
    call.device.after(ms, () => {
      subscriber.next(then());
      subscriber.complete();
    }),
  );
