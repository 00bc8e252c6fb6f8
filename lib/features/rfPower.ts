import { map, type Observable } from 'rxjs';
import * as basic from '../commands/basic.js';
import type { AtModule } from '../module/atModule.js';
import { inForce } from './inForce.js';

/** Largest power in dBm: Wi-Fi 10 to 20.5 in steps of 0.25; Bluetooth LE 7, 4, 1, -2, -5, -8, -11 or -14. */
export interface RfPower {
  readonly wifi: number;
  readonly bleAdvertising?: number;
  readonly bleScan?: number;
  readonly bleConnection?: number;
}

const kinds = ['bleAdvertising', 'bleScan', 'bleConnection'] as const;

/** The values of the kinds that are there. */
const each = (power: { readonly [K in (typeof kinds)[number]]?: number | undefined }, project: (value: number) => number): Partial<Omit<RfPower, 'wifi'>> =>
  Object.fromEntries(kinds.flatMap((kind) => (power[kind] === undefined ? [] : [[kind, project(power[kind])]])));

/**
 * Radio power. Cold: on subscribe it sends AT+RFPOWER with `power` where it is given, reads back what the radio really uses, which is never more,
 * emits it and completes; builds without Bluetooth LE tell of Wi-Fi alone. Unsubscribing sends nothing more.
 * Errors: `usage` for a power between the steps, `command`. Document 000 §2.14.
 */
export const rfPower = (module: AtModule, power?: RfPower): Observable<RfPower> =>
  inForce(
    () => module.exec(basic.radioPowerQuery),
    power && (() => module.exec(basic.radioPower, { wifi: power.wifi * 4, ...each(power, (dBm) => (7 - dBm) / 3) })),
  ).pipe(map((found) => ({ wifi: found.wifi / 4, ...each(found, (step) => 7 - 3 * step) })));
