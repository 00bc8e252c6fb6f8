import { endWith, ignoreElements, tap } from 'rxjs';
import { train } from '../bt/classicAir.js';
import type { Row } from '../device.js';
import { ok } from '../outcome.js';
import { shownMac } from './bleShared.js';
import { btA2dp } from './btA2dp.js';
import { btSecuring } from './btSecuring.js';
import { classicOn } from './btShared.js';
import { btSpp } from './btSpp.js';
import { counted, demand } from './shared.js';

const device: readonly Row[] = [
  {
    name: '+BTINIT', group: 'bt',
    query: ({ device: { applications }, name, print }) => {
      print(`${name}:${applications.classic.on ? 1 : 0}\r\n`);
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      const { classic } = device.applications;
      counted(call, 1, 1);
      if (args.int(0, { min: 0, max: 1 }) === 0) return ok(() => classic.stop());
      // Where AT+CIPMODE=1 has the line Bluetooth has none.
      demand(device.get('mode') === 0, call);
      classic.start();
      return ok();
    },
  },
  {
    name: '+BTNAME', group: 'bt',
    query: ({ device: { applications: { classic } }, name, print }) => {
      print(`${name}:${classic.on ? classic.name : ''}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      classicOn(call);
      call.device.set('btName', call.args.text(0, { min: 1, max: 248 }));
      return ok();
    },
  },
  {
    name: '+BTSCANMODE', group: 'bt',
    query: {
      since: 21,
      run: (call) => {
        call.print(`${call.name}:${classicOn(call).scanMode}`);
        return ok();
      },
    },
    set: (call) => {
      counted(call, 1, 1);
      classicOn(call).scanMode = call.args.int(0, { min: 0, max: 3 });
      return ok();
    },
  },
  {
    name: '+BTSTARTDISC', group: 'bt',
    set: (call) => {
      const { args, name, print } = call;
      counted(call, 3, 3);
      const limited = args.int(0, { min: 0, max: 1 }) === 1;
      const length = args.int(1, { min: 1, max: 0x30 });
      return classicOn(call).discover(limited, length * train, args.int(2, { min: 0, max: 255 })).pipe(
        tap(({ address, name: called, deviceClass, rssi }) => {
          const classes = deviceClass ? [deviceClass.major, deviceClass.minor, deviceClass.service].map((value) => `0x${value.toString(16)}`) : ['', '', ''];
          print(`${name}:${[shownMac(call, address), called, ...classes, rssi].join(',')}\r\n`);
        }),
        ignoreElements(),
        endWith(ok()),
      );
    },
  },
  {
    name: '+BTCOD', group: 'bt',
    set: (call) => {
      const { args } = call;
      counted(call, 3, 3);
      classicOn(call).deviceClass = { major: args.int(0, { min: 0, max: 31 }), minor: args.int(1, { min: 0, max: 63 }), service: args.int(2, { min: 0, max: 2047 }) };
      return ok();
    },
  },
];

/** Classic Bluetooth. */
export const bt: readonly Row[] = [...device, ...btSecuring, ...btSpp, ...btA2dp];
