import { map, of } from 'rxjs';
import type { Row } from '../device.js';
import { textOf } from '../format.js';
import { error, ok } from '../outcome.js';
import { collect } from '../tcpip/collect.js';
import { switching } from './bleShared.js';
import { counted, demand } from './shared.js';

/** BluFi: a phone tells the module its network. */
export const blufi: readonly Row[] = [
  { ...switching('+BLUFI', ({ phones }) => phones, 2), since: 21 },
  {
    name: '+BLUFINAME', group: 'ble', since: 21,
    query: ({ device: { applications }, name, print }) => {
      print(`${name}:"${applications.bluetooth.phones.name}"`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      call.device.applications.bluetooth.phones.name = call.args.text(0, { min: 1, max: 29 });
      return ok();
    },
  },
  {
    name: '+BLUFISEND', group: 'ble', since: 30,
    set: (call) => {
      counted(call, 1, 1);
      const { phones } = call.device.applications.bluetooth;
      const length = call.args.int(0, { min: 1, max: 600 });
      demand(phones.taken, call);
      const { sink, result } = collect(call.device, length, (bytes) => (phones.send(textOf(bytes)) ?? of(false)).pipe(map((arrived) => (arrived ? ok() : error()))));
      return { kind: 'prompt', bare: true, sink, result };
    },
  },
];
