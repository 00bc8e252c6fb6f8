import type { Call, Row } from '../device.js';
import { ok, type Outcome } from '../outcome.js';
import { errorCode } from '../refusal.js';
import { enterprise } from './enterprise.js';
import { joining } from './joining.js';
import { counted, demand, showNumber } from './shared.js';
import { wifiSettings } from './wifiSettings.js';

const changeMode = (call: Call): Outcome => {
  const { device, args } = call;
  demand(device.get('wifiOn'), call);
  counted(call, 1, device.profile.release >= 21 ? 2 : 1);
  const mode = args.int(0, { min: device.profile.style.radioOff ? 0 : 1, max: 3, code: errorCode.range(0) });
  const connect = args.maybeInt(1, 1, { min: 0, max: 1 });
  const before = device.get('wifiMode');
  device.set('wifiMode', mode);
  device.tcpIp.wasLinked = false;
  if ((mode & 1) === 0) device.station.leave(true);
  if ((mode & 2) === 0) device.softAp.clear();
  return ok(() => {
    if ((mode & 1) !== 0 && (before & 1) === 0 && connect === 1) device.station.rejoin();
  });
};

/** Station mode: the radio's mode, the state, and all that joins. */
export const station: readonly Row[] = [
  {
    name: '+CWINIT', group: 'wifi', since: 30,
    query: ({ device, name, print }) => {
      print(`${name}:${device.get('wifiOn') ? 1 : 0}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      const on = call.args.int(0, { min: 0, max: 1 }) === 1;
      if (!on) {
        call.device.station.leave(true);
        call.device.softAp.clear();
      }
      call.device.set('wifiOn', on);
      return ok();
    },
  },
  {
    name: '+CWMODE', group: 'wifi',
    test: {
      until: 20,
      run: ({ name, print }) => {
        print(`${name}:(1-3)\r\n`);
        return ok();
      },
    },
    query: (call) => {
      demand(call.device.get('wifiOn'), call);
      return showNumber('wifiMode')(call);
    },
    set: changeMode,
  },
  {
    name: '+CWSTATE', group: 'wifi', since: 22,
    query: ({ device, name, print }) => {
      const { online, beacon, joining, lastSsid } = device.station;
      const state = online ? 2 : beacon ? 1 : joining ? 3 : 4;
      print(`${name}:${state},"${lastSsid}"\r\n`);
      return ok();
    },
  },
  ...joining, ...wifiSettings, ...enterprise,
];
