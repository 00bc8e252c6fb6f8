import { map } from 'rxjs';
import type { Bluetooth, BleRole } from '../ble/bluetooth.js';
import type { AttributePlace, BleLink } from '../ble/peer.js';
import type { RadioProfile } from '../ble/radioProfile.js';
import type { Call, Row } from '../device.js';
import { ok } from '../outcome.js';
import { counted, demand } from './shared.js';
import { Refusal } from '../refusal.js';

/** Bluetooth LE that is on, in this role where one is named; refused otherwise. */
export const started = (call: Call, role?: BleRole): Bluetooth => {
  const { bluetooth } = call.device.applications;
  demand(bluetooth.role !== 0 && (role === undefined || bluetooth.role === role), call);
  return bluetooth;
};

/** The rows of HID and BluFi: `1` starts, `0` ends the connection and stops; `most` parameters are taken. */
export const switching = (name: string, pick: (bluetooth: Bluetooth) => RadioProfile, most: number): Row => ({
  name, group: 'ble',
  query: ({ device: { applications }, print }) => {
    print(`${name}:${pick(applications.bluetooth).on ? 1 : 0}\r\n`);
    return ok();
  },
  set: (call) => {
    counted(call, 1, most);
    const { args, device: { applications: { bluetooth } } } = call;
    const profile = pick(bluetooth);
    const on = args.int(0, { min: 0, max: 1 }) === 1;
    if (most > 1) args.maybeInt(1, 0, { min: 0 });
    if (on) demand(bluetooth.offer(profile), call);
    return on || !profile.on ? ok() : profile.stop().pipe(map(() => ok()));
  },
});

/** The open connection that a parameter names. */
export const linkAt = ({ args }: Call, bluetooth: Bluetooth, index = 0): BleLink => {
  const link = bluetooth.links.at(args.int(index, { min: 0, max: 2 }));
  if (link === undefined) throw new Refusal();
  return link;
};

/** Service, characteristic and, where its place is given, descriptor from a parameter on. */
export const placeAt = ({ args }: Call, from: number, descriptor: boolean): AttributePlace => ({
  service: args.int(from, { min: 1 }),
  characteristic: args.int(from + 1, { min: 1 }),
  descriptor: descriptor && args.has(from + 2) ? args.int(from + 2, { min: 1 }) : undefined,
});

/** A hex string of at most so many bytes, lower case. */
export const hexAt = ({ args }: Call, index: number, max: number): string => {
  const digits = args.text(index, { max: max * 2 });
  if (digits.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(digits)) throw new Refusal();
  return digits;
};

/** An address as 2.0 prints it, and as releases since 2.1 do. */
export const shownMac = ({ device }: Call, mac: string): string => (device.profile.release < 21 ? mac : `"${mac}"`);
