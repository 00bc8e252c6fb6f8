import { Observable } from 'rxjs';
import { ok, type Outcome } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import type { IpSettings } from '../settings.js';
import { counted, demand, setNumber, showNumber } from './shared.js';

const none: IpSettings = { ip: '0.0.0.0', gateway: '0.0.0.0', netmask: '0.0.0.0' };

/** The link-local address that a MAC gives. */
const linkLocal = (mac: string): string => {
  const bytes = mac.split(':').map((pair) => parseInt(pair, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  const group = (high: number, low: number): string => ((high << 8) | low).toString(16);
  return `fe80::${group(a ^ 2, b)}:${group(c, 0xff)}:${group(0xfe, d)}:${group(e, f)}`;
};

const keyed = ({ name, print }: Call, { ip, gateway, netmask }: IpSettings): void => {
  print(`${name}:ip:"${ip}"\r\n${name}:gateway:"${gateway}"\r\n${name}:netmask:"${netmask}"\r\n`);
};

/** Address, gateway and mask; what is left out is made of the address. */
const readAddress = (call: Call): IpSettings => {
  const { args } = call;
  counted(call, 1, 3);
  const ip = args.ip(0);
  return { ip, gateway: args.maybeIp(1, ip.replace(/\.\d+$/, '.1')), netmask: args.maybeIp(2, '255.255.255.0') };
};

const later = (call: Call, ms: number, run: () => Outcome): Observable<Outcome> =>
  new Observable((subscriber) =>
    call.device.after(ms, () => {
      subscriber.next(run());
      subscriber.complete();
    }),
  );

const macRow = (name: string, key: 'stationMac' | 'softApMac' | 'ethernetMac', group: Row['group']): Row => ({
  name, group,
  query: ({ device, print }) => {
    print(`${name}:"${device.get(key)}"\r\n`);
    return ok();
  },
  set: (call) => {
    counted(call, 1, 1);
    const mac = call.args.mac(0);
    // Bit 0 of the first byte marks a group address.
    demand((parseInt(mac.slice(0, 2), 16) & 1) === 0, call);
    call.device.set(key, mac);
    return ok();
  },
});

const interfaces: Handler = (call) => {
  const { device, name, print } = call;
  demand(device.get('wifiOn'), call);
  const mode = device.get('wifiMode');
  const modern = device.profile.release >= 22 && device.get('ipv6') === 1;
  if ((mode & 2) !== 0) {
    print(`${name}:APIP,"${device.get('softApIp').ip}"\r\n`);
    if (modern) print(`${name}:APIP6LL,"${linkLocal(device.get('softApMac'))}"\r\n`);
    print(`${name}:APMAC,"${device.get('softApMac')}"\r\n`);
  }
  if ((mode & 1) !== 0) {
    print(`${name}:STAIP,"${device.station.address.ip}"\r\n`);
    if (modern && device.station.online) {
      print(`${name}:STAIP6LL,"${linkLocal(device.get('stationMac'))}"\r\n`);
      const prefix = device.station.beacon?.prefix6;
      if (prefix) print(`${name}:STAIP6GL,"${prefix}${linkLocal(device.get('stationMac')).slice(6)}"\r\n`);
    }
    print(`${name}:STAMAC,"${device.get('stationMac')}"\r\n`);
  }
  if (device.ethernet.address) {
    print(`${name}:ETHIP,"${device.ethernet.address.ip}"\r\n${name}:ETHMAC,"${device.get('ethernetMac')}"\r\n`);
  }
  return ok();
};

/** Bit 0 is the station's, bit 1 the softAP's; the ESP8266 has them the other way round. */
const swapped = (bits: number): number => ((bits & 1) << 1) | ((bits >> 1) & 1);

/** Whether DHCP is switched on or off, and for which interfaces. */
const readDhcp = ({ args, device }: Call): readonly [boolean, number] => {
  if (!device.profile.style.dhcpModeFirst) return [args.int(0, { min: 0, max: 1 }) === 1, args.int(1, { min: 0, max: 7 })];
  const mode = args.int(0, { min: 0, max: 2 });
  return [args.int(1, { min: 0, max: 1 }) === 1, swapped(mode + 1)];
};

const setDhcp: Handler = (call) => {
  const { device } = call;
  counted(call, 2, 2);
  const [on, which] = readDhcp(call);
  device.set('dhcp', on ? device.get('dhcp') | which : device.get('dhcp') & ~which);
  if ((which & 1) === 0) return ok();
  if (!on) {
    if (device.station.online) device.set('stationIp', device.station.address);
    return ok();
  }
  device.set('stationIp', undefined);
  // The lease comes after the OK.
  return ok(() => {
    if (device.station.beacon) device.after(device.timing.dhcp, () => device.station.acquire());
  });
};

export const addresses: readonly Row[] = [
  { name: '+CIFSR', group: 'tcpip', execute: interfaces },
  macRow('+CIPSTAMAC', 'stationMac', 'wifi'),
  macRow('+CIPAPMAC', 'softApMac', 'wifi'),
  {
    name: '+CIPSTA', group: 'wifi',
    query: (call) => {
      const { device, name, print } = call;
      keyed(call, device.station.beacon ? device.station.address : device.get('stationIp') ?? none);
      if (device.get('ipv6') === 1 && device.station.online) {
        const own = linkLocal(device.get('stationMac'));
        print(`${name}:ip6ll:"${own}"\r\n`);
        const prefix = device.station.beacon?.prefix6;
        if (prefix) print(`${name}:ip6gl:"${prefix}${own.slice(6)}"\r\n`);
      }
      return ok();
    },
    set: (call) => {
      const { device } = call;
      const address = readAddress(call);
      demand((device.get('wifiMode') & 1) !== 0, call);
      device.set('stationIp', address);
      // A static address and DHCP exclude each other: the last one wins.
      device.set('dhcp', device.get('dhcp') & ~1);
      if (!device.station.beacon) return ok();
      return later(call, device.timing.command, () => {
        device.station.acquire();
        return ok();
      });
    },
  },
  {
    name: '+CIPAP', group: 'wifi',
    query: (call) => {
      keyed(call, call.device.get('softApIp'));
      return ok();
    },
    set: (call) => {
      const { device } = call;
      counted(call, 1, 3);
      const ip = call.args.ip(0);
      demand(device.softAp.on, call);
      device.set('softApIp', { ip, gateway: call.args.maybeIp(1, ip), netmask: call.args.maybeIp(2, '255.255.255.0') });
      const net = ip.split('.').slice(0, 3).join('.');
      const last = Number(ip.split('.')[3] ?? '1');
      const first = last < 100 ? last + 1 : last - 100;
      device.set('leases', [device.get('leases')[0], `${net}.${first}`, `${net}.${first + 99}`]);
      return ok();
    },
  },
  {
    name: '+CWDHCP', group: 'wifi',
    query: ({ device, name, print }) => {
      const bits = device.get('dhcp');
      print(`${name}:${device.profile.style.dhcpModeFirst ? swapped(bits) : bits}`);
      return ok();
    },
    set: setDhcp,
  },
  {
    name: '+CIPV6', group: 'tcpip', since: 22,
    query: showNumber('ipv6'),
    set: (call) => {
      demand(call.device.tcpIp.open.length === 0, call);
      return setNumber('ipv6', 0, 1)(call);
    },
  },
  macRow('+CIPETHMAC', 'ethernetMac', 'ethernet'),
  {
    name: '+CIPETH', group: 'ethernet',
    query: (call) => {
      keyed(call, call.device.ethernet.address ?? call.device.get('ethernetIp') ?? none);
      return ok();
    },
    set: (call) => {
      const address = readAddress(call);
      call.device.set('ethernetIp', address);
      return ok();
    },
  },
];
