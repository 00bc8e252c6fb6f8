import type { Row } from '../device.js';
import { ok } from '../outcome.js';
import { counted, demand, setNumber, showNumbers } from './shared.js';
import { stationOn } from './stationShared.js';

/** What the station and the radio are set to, apart from the access point joined. */
export const wifiSettings: readonly Row[] = [
  {
    name: '+CWRECONNCFG', group: 'wifi', since: 22,
    query: showNumbers('reconnect'),
    set: (call) => {
      counted(call, 2, 2);
      call.device.set('reconnect', [call.args.int(0, { min: 0, max: 7200 }), call.args.int(1, { min: 0, max: 1000 })]);
      return ok();
    },
  },
  {
    name: '+CWAUTOCONN', group: 'wifi',
    query: ({ device, name, print }) => {
      print(`${name}:${device.get('autoJoin')}`);
      return ok();
    },
    set: setNumber('autoJoin', 0, 1),
  },
  {
    name: '+CWHOSTNAME', group: 'wifi',
    query: ({ device, name, print }) => {
      print(`${name}:${device.get('hostname')}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      const hostname = call.args.text(0, { min: 1, max: 32 });
      demand(stationOn(call), call);
      call.device.set('hostname', hostname);
      return ok();
    },
  },
  {
    name: '+CWCOUNTRY', group: 'wifi', since: 21,
    query: ({ device, name, print }) => {
      const [policy, code, start, total] = device.get('country');
      print(`${name}:${policy},"${code}",${start},${total}\r\n`);
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 4, 4);
      const policy = args.int(0, { min: 0, max: 1 });
      const code = args.text(1, { min: 1, max: 3 });
      const start = args.int(2, { min: 1, max: 14 });
      device.set('country', [policy, code, start, args.int(3, { min: 1, max: 15 - start })]);
      return ok();
    },
  },
  {
    name: '+CWCONFIG', group: 'wifi', since: 41,
    query: showNumbers('wifiConfig'),
    set: (call) => {
      counted(call, 2, 3);
      const { args, device } = call;
      const [a, b, c] = device.get('wifiConfig');
      device.set('wifiConfig', [args.maybeInt(0, a, { min: 0 }), args.maybeInt(1, b, { min: 0 }), args.maybeInt(2, c, { min: 0 })]);
      return ok();
    },
  },
  {
    name: '+CWBANDWIDTH', group: 'wifi', since: 41,
    query: ({ device, name, print }) => {
      const [sta, ap] = device.get('bandwidth');
      print(`${name}:0,${sta},0\r\n${name}:1,${ap},0\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 2, 3);
      const which = call.args.int(0, { min: 0, max: 1 });
      const [sta, ap] = call.device.get('bandwidth');
      const width = call.args.int(1, { min: 1, max: 2 });
      call.device.set('bandwidth', which === 0 ? [width, ap] : [sta, width]);
      return ok();
    },
  },
  ...(['+CWSTAPROTO', '+CWAPPROTO'] as const).map((name, index): Row => ({
    name, group: 'wifi', since: 22,
    query: ({ device, print }) => {
      print(`${name}:${device.get('protocols')[index] ?? 7}`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      const bits = call.args.int(0, { min: 1, max: 15 });
      const [sta, ap] = call.device.get('protocols');
      call.device.set('protocols', index === 0 ? [bits, ap] : [sta, bits]);
      return ok();
    },
  })),
];
