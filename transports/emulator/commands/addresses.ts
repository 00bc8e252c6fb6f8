import { ok } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import type { IpSettings } from '../settings.js';
import { dhcp } from './dhcp.js';
import { counted, demand, later, setNumber, showNumber } from './shared.js';

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
  ...dhcp,
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
