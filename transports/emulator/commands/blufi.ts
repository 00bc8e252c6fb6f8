import type { Row } from '../device.js';
import { ok } from '../outcome.js';
import { counted, demand } from './shared.js';

/** BluFi as far as a module shows it without a phone: it advertises. */
export const blufi: readonly Row[] = [
  {
    name: '+BLUFI', group: 'ble', since: 21,
    query: ({ device: { applications }, name, print }) => {
      print(`${name}:${applications.bluetooth.offering ? 1 : 0}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 2);
      const on = call.args.int(0, { min: 0, max: 1 }) === 1;
      call.args.maybeInt(1, 0, { min: 0 });
      demand(call.device.applications.bluetooth.offer(on), call);
      return ok();
    },
  },
  {
    name: '+BLUFINAME', group: 'ble', since: 21,
    query: ({ device: { applications }, name, print }) => {
      print(`${name}:"${applications.bluetooth.blufiName}"`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      call.device.applications.bluetooth.blufiName = call.args.text(0, { min: 1, max: 29 });
      return ok();
    },
  },
];
