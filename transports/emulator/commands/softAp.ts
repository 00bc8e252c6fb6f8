import { ok } from '../outcome.js';
import type { Call, Row } from '../device.js';
import { errorCode, Refusal } from '../refusal.js';
import { ipOf } from '../format.js';
import { counted, demand } from './shared.js';

/** 2.x says which parameter of AT+CWSAP it refuses, 4.x does not. */
const refused = ({ device }: Call, index: number): Refusal =>
  device.profile.style.stateCodes ? new Refusal(errorCode.range(index)) : new Refusal();

const configure = (call: Call): ReturnType<typeof ok> => {
  const { args, device } = call;
  const { defaults, limits, style } = device.profile;
  counted(call, 1, 6);
  const ssid = args.text(0);
  // 2.0 goes on past the missing password to the missing channel.
  if (args.count === 1 && style.countCodes) throw new Refusal(errorCode.parse(1), errorCode.parse(2));
  if (args.count < 2) args.text(1);
  const password = args.maybeText(1, '');
  const channel = args.int(2);
  const encryption = args.int(3);
  if (ssid.length < 1 || ssid.length > 32) throw refused(call, 0);
  if (channel < 1 || channel > 14) throw refused(call, 2);
  const secured = encryption !== 0;
  if (encryption < 0 || encryption > 4 || encryption === 1 || (secured && (password.length < 8 || password.length > 64))) throw refused(call, 3);
  const stations = args.maybeInt(4, defaults.softApStationsOmitted, { min: 1, max: limits.softApStations });
  const hidden = args.maybeInt(5, 0, { min: 0, max: 1 });
  demand(device.softAp.on, call, true);
  device.set('softAp', { ssid, password, channel, encryption, stations, hidden });
  device.softAp.clear();
  return ok();
};

export const softAp: readonly Row[] = [
  {
    name: '+CWSAP', group: 'wifi',
    query: (call) => {
      const { device, name, print } = call;
      // 2.0 in mode 0 still answers.
      demand(device.softAp.on || (device.profile.style.stateCodes && device.get('wifiMode') === 0), call, true);
      const { password, channel, encryption, stations, hidden } = device.get('softAp');
      // With both interfaces up there is one radio: the access point follows the station's channel.
      const shown = device.station.beacon?.channel ?? channel;
      print(`${name}:"${device.softAp.ssid}","${password}",${shown},${encryption},${stations},${hidden}\r\n`);
      return ok();
    },
    set: configure,
  },
  {
    name: '+CWLIF', group: 'wifi',
    execute: (call) => {
      demand(call.device.softAp.on, call, true);
      for (const { ip, mac } of call.device.softAp.guests) call.print(`${call.name}:${ip},${mac}\r\n`);
      return ok();
    },
  },
  {
    name: '+CWQIF', group: 'wifi',
    execute: (call) => {
      demand(call.device.softAp.on, call, true);
      call.device.softAp.drop();
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      const mac = call.args.mac(0);
      demand(call.device.softAp.guests.some((guest) => guest.mac === mac), call, true);
      call.device.softAp.drop(mac);
      return ok();
    },
  },
  {
    name: '+CWDHCPS', group: 'wifi',
    query: ({ device, name, print }) => {
      print(`${name}:${device.get('leases').join(',')}`);
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 1, 4);
      const enable = args.int(0, { min: 0, max: 1 });
      demand(device.softAp.on, call);
      if (enable === 0) {
        device.set('leases', [120, '192.168.4.2', '192.168.4.101']);
        return ok();
      }
      const lease = args.int(1, { min: 1, max: 2880 });
      const first = args.ip(2);
      const last = args.ip(3);
      const net = (ip: string): string => (ipOf(ip) ?? '').split('.').slice(0, 3).join('.');
      demand(net(first) === net(device.get('softApIp').ip) && net(first) === net(last), call);
      device.set('leases', [lease, first, last]);
      return ok();
    },
  },
];
