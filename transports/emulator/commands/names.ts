import { catchError, map, of } from 'rxjs';
import { error, ok, type Outcome } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import { asctime, zoneSeconds } from '../clock.js';
import { ipOf, isIp6 } from '../format.js';
import { counted, demand, later, setNumber, showNumber } from './shared.js';

const resolve: Handler = (call) => {
  const { args, device, name, print } = call;
  const modern = device.profile.release >= 22;
  counted(call, 1, modern ? 2 : 1);
  const host = args.text(0, { min: 1, max: 253 });
  const network = args.maybeInt(1, 1, { min: 1, max: 3 });
  const answer = (address: string): Outcome => {
    print(device.profile.style.quotedDomain ? `${name}:"${address}"\r\n` : `${name}:${address}\r\n`);
    return ok();
  };
  if (ipOf(host) !== undefined || (modern && isIp6(host))) return answer(host);
  if (host === 'localhost') return answer('127.0.0.1');
  const failed = (): Outcome => {
    if (device.profile.style.logOnPort) device.log('DNS Fail\r');
    return error();
  };
  if (!device.station.online && !device.ethernet.online) return later(call, device.profile.lookupFails * 1000, failed);
  return device.network.resolve(host, network === 3 ? 6 : 4).pipe(map(answer), catchError(() => of(failed())));
};

const ping: Handler = (call) => {
  const { args, device, name, print } = call;
  counted(call, 1, 2);
  const host = args.text(0, { min: 1, max: 64 });
  const bare = device.profile.style.pingBare;
  const failed = (): Outcome => {
    print(bare ? '+timeout\r\n' : `${name}:TIMEOUT\r\n`);
    return error();
  };
  if (!device.reachable()) return later(call, 1000, failed);
  return device.network.ping(host).pipe(
    map((ms) => {
      print(bare ? `+${Math.round(ms)}\r\n` : `${name}:${Math.round(ms)}\r\n`);
      return ok();
    }),
    catchError(() => of(failed())),
  );
};

const showDns: Handler = ({ device, name, print }) => {
  const manual = device.get('dnsManual');
  const servers = manual === 1 ? device.get('dns') : device.get('dnsInUse');
  if (device.profile.style.dnsLines) {
    for (const server of servers) print(`${name}:${server}\r\n`);
    return ok();
  }
  print(`${name}:${[`${manual}`, ...servers.map((server) => `"${server}"`)].join(',')}\r\n`);
  return ok();
};

const setDns: Handler = (call) => {
  const { args, device } = call;
  counted(call, 1, 4);
  const manual = args.int(0, { min: 0, max: 1 });
  if (manual === 1) {
    const servers = [args.ip(1), args.maybeIp(2, undefined), args.maybeIp(3, undefined)].filter((server): server is string => server !== undefined);
    device.set('dns', servers);
  } else device.set('dnsInUse', device.profile.defaults.dns);
  device.set('dnsManual', manual);
  return ok();
};

const showSntp: Handler = ({ device, name, print }) => {
  const { enabled, timezone, servers } = device.get('sntp');
  if (!enabled) print(device.profile.release >= 32 ? `${name}:0,${timezone}\r\n` : `${name}:0\r\n`);
  // Document 002: a zone that was set as 015 is shown as 0. So only its hours are.
  else print(`${name}:1,${Math.trunc(zoneSeconds(timezone) / 3600)}${servers.map((server) => `,"${server}"`).join('')}\r\n`);
  return ok();
};

/** Whole hours, or since 3.0 `[+-]hhmm` where the number is no hour. */
const zone = (call: Call, index: number): number => {
  const { args, device } = call;
  const [min, max] = device.profile.limits.timezone;
  const value = args.int(index);
  const split = device.profile.release >= 30 && (value < min || value > max);
  const hours = split ? Math.trunc(value / 100) : value;
  demand(hours >= min && hours <= max && (!split || Math.abs(value) % 100 < 60), call);
  return value;
};

const setSntp: Handler = (call) => {
  const { args, device } = call;
  counted(call, 1, 5);
  const enabled = args.int(0, { min: 0, max: 1 }) === 1;
  if (!enabled) {
    device.set('sntp', { ...device.get('sntp'), enabled, timezone: args.has(1) ? zone(call, 1) : device.get('sntp').timezone });
    device.sntp.restart();
    return ok();
  }
  const timezone = zone(call, 1);
  const given = [2, 3, 4].map((index) => args.maybeText(index, undefined, { max: 64 })).filter((server): server is string => server !== undefined);
  const servers = given.length > 0 ? given : ['cn.ntp.org.cn', 'ntp.sjtu.edu.cn', 'us.pool.ntp.org'];
  device.set('sntp', { enabled, timezone, servers });
  device.sntp.restart();
  // A near server answers before the OK (recorded), a far one after it.
  return later(call, 5, () => ok());
};

export const naming: readonly Row[] = [
  { name: '+CIPDOMAIN', group: 'tcpip', set: resolve },
  { name: '+PING', group: 'tcpip', set: ping },
  { name: '+CIPDNS', group: 'tcpip', query: showDns, set: setDns },
  {
    name: '+CIPSNTPCFG', group: 'tcpip',
    query: showSntp,
    set: setSntp,
    execute: {
      until: 21,
      run: ({ device }) => {
        device.set('sntp', { enabled: false, timezone: 0, servers: [] });
        device.sntp.restart();
        return ok();
      },
    },
  },
  { name: '+CIPSNTPINTV', group: 'tcpip', since: 24, query: showNumber('sntpInterval'), set: setNumber('sntpInterval', 15, 4_294_967) },
  {
    name: '+CIPSNTPTIME', group: 'tcpip',
    query: ({ device, name, print }) => {
      print(`${name}:${asctime(device.calendar.seconds + zoneSeconds(device.get('sntp').timezone))}`);
      return ok();
    },
  },
  {
    name: '+MDNS', group: 'tcpip',
    set: (call) => {
      const { args, device } = call;
      const modern = device.profile.release >= 30;
      counted(call, 1, modern ? 27 : 4);
      const on = args.int(0, { min: 0, max: 1 });
      if (on === 0) return ok();
      args.text(1, { min: 1, max: 63 });
      args.text(2, { min: 1, max: 64 });
      args.int(3, { min: 1, max: 65535 });
      if (modern) {
        args.maybeText(4, '', { max: 64 });
        args.maybeText(5, '_tcp', { max: 16 });
        const pairs = args.maybeInt(6, 0, { min: 1, max: 10 });
        for (let index = 7; index < 7 + pairs * 2; index += 1) args.text(index);
        demand(args.count === 7 + pairs * 2 || (pairs === 0 && args.count <= 7), call);
      }
      demand(device.reachable(), call);
      return ok();
    },
  },
];
