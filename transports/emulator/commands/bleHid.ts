import { map } from 'rxjs';
import type { HidReport } from '../ble/hidReport.js';
import type { Call, Row } from '../device.js';
import { error, ok } from '../outcome.js';
import { Refusal } from '../refusal.js';
import { switching } from './bleShared.js';
import { counted } from './shared.js';

/** Numbers of a report, one a parameter. */
type Numbers = (from: number, to: number, min: number, max: number) => readonly number[];

/** A command that sends what its parameters say; refused while no computer is connected. */
const reporting = (name: string, parameters: number, read: (numbers: Numbers) => HidReport): Row => ({
  name, group: 'ble',
  set: (call: Call) => {
    counted(call, parameters, parameters);
    const report = read((from, to, min, max) => Array.from({ length: to - from }, (_, at) => call.args.int(from + at, { min, max })));
    const sent = call.device.applications.bluetooth.hid.send(report);
    if (!sent) throw new Refusal();
    return sent.pipe(map((arrived) => (arrived ? ok() : error())));
  },
});

export const bleHid: readonly Row[] = [
  switching('+BLEHIDINIT', ({ hid }) => hid, 1),
  reporting('+BLEHIDKB', 7, (numbers) => {
    const [modifiers = 0, ...keys] = numbers(0, 7, 0, 255);
    return { kind: 'keyboard', modifiers, keys };
  }),
  reporting('+BLEHIDMUS', 4, (numbers) => {
    const [buttons = 0] = numbers(0, 1, 0, 255);
    const [x = 0, y = 0, wheel = 0] = numbers(1, 4, -127, 127);
    return { kind: 'mouse', buttons, x, y, wheel };
  }),
  reporting('+BLEHIDCONSUMER', 1, (numbers) => {
    const [usage = 0] = numbers(0, 1, 0, 65535);
    return { kind: 'consumer', usage };
  }),
];
