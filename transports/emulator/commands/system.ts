import { of } from 'rxjs';
import { ok } from '../outcome.js';
import type { Row } from '../device.js';
import { textOf } from '../format.js';
import { collect } from '../tcpip/collect.js';
import { counted, demand, setNumber, showNumber } from './shared.js';

/** The powers the radio has, in quarters of a dBm. */
const powers = [8, 20, 28, 34, 44, 52, 56, 60, 66, 72, 80];

const effective = (asked: number): number => powers.filter((power) => power <= asked).pop() ?? 8;

export const system: readonly Row[] = [
  {
    name: '+RFPOWER', group: 'basic',
    query: ({ device, name, print }) => {
      const [wifi = 78, ...ble] = device.get('rfPower');
      print(`${name}:${[effective(wifi), ...(device.profile.groups.has('ble') ? ble : [])].join(',')}\r\n`);
      return ok();
    },
    set: (call) => {
      const { device, args } = call;
      counted(call, 1, 4);
      const old = device.get('rfPower');
      const wifi = args.int(0, { min: 40, max: device.profile.limits.rfPower });
      device.set('rfPower', [wifi, ...[1, 2, 3].map((index) => args.maybeInt(index, old[index] ?? 2, { min: 0, max: 7 }))]);
      return ok();
    },
  },
  {
    name: '+SYSMFG', group: 'basic', since: 32,
    query: ({ name, print }) => {
      for (const space of ['server_cert', 'server_key', 'server_ca', 'client_cert', 'client_key', 'client_ca', 'factory_param', 'ble_data']) {
        print(`${name}:"${space}"\r\n`);
      }
      return ok();
    },
    set: (call) => {
      demand(false, call);
      return ok();
    },
  },
  { name: '+SYSMSGFILTER', group: 'basic', since: 32, query: showNumber('messageFilter'), set: setNumber('messageFilter', 0, 1) },
  {
    name: '+SYSMSGFILTERCFG', group: 'basic', since: 32,
    query: ({ device, name, print }) => {
      device.get('messageFilters').forEach(([head, tail], index) => print(`${name}:${index},"${head}","${tail}"\r\n`));
      return ok();
    },
    set: (call) => {
      const { device, args } = call;
      counted(call, 1, 3);
      const operation = args.int(0, { min: 0, max: 2 });
      const filters = device.get('messageFilters');
      if (operation === 0) {
        device.set('messageFilters', []);
        return ok();
      }
      if (operation === 2) {
        const index = args.int(1, { min: 0, max: filters.length - 1 });
        device.set('messageFilters', filters.filter((_, at) => at !== index));
        return ok();
      }
      const head = args.int(1, { min: 0, max: 64 });
      const tail = args.int(2, { min: 0, max: 64 });
      demand(head + tail > 0 && filters.length < 10, call);
      const phase = collect(device, head + tail, (bytes) => {
        const text = textOf(bytes);
        device.set('messageFilters', [...filters, [text.slice(0, head), text.slice(head)]]);
        return of(ok());
      });
      return { kind: 'prompt', ...phase };
    },
  },
  { name: '+TRANSINTVL', group: 'basic', since: 22, query: showNumber('transInterval'), set: setNumber('transInterval', 0, 1000) },
  {
    name: '+RFCAL', group: 'basic', since: 32,
    execute: () => ok(),
  },
  {
    name: '+SYSREG', group: 'basic', since: 22,
    set: (call) => {
      const { args } = call;
      counted(call, 2, 3);
      const write = args.int(0, { min: 0, max: 1 });
      args.int(1, { min: 0 });
      if (write === 1) args.int(2);
      // No peripheral stands behind the registers: all read as zero.
      else call.print(`${call.name}:0x0\r\n`);
      return ok();
    },
  },
  {
    name: '+DRVADC', group: 'driver', since: 22,
    set: (call) => {
      counted(call, 2, 2);
      call.args.int(0, { min: 0, max: 7 });
      call.args.int(1, { min: 0, max: 3 });
      // Nothing is connected to the pin.
      call.print(`${call.name}:0`);
      return ok();
    },
  },
];
