import { concat, map, Observable, of, tap } from 'rxjs';
import { error, ok, text, type Outcome } from '../outcome.js';
import type { Call, Row } from '../device.js';
import { Refusal, errorCode } from '../refusal.js';
import type { JoinSettings } from '../settings.js';
import { counted, demand, setNumber, showNumber } from './shared.js';

const stationOn = ({ device }: Call): boolean => device.get('wifiOn') && (device.get('wifiMode') & 1) !== 0;

/** Joins, and says how it went. */
const join = (call: Call, settings: JoinSettings): Observable<Outcome> => {
  const { device } = call;
  return device.station.join(settings).pipe(
    map((code): Outcome => {
      if (code === 0) return ok();
      // Without a suffix on NONOS too, whatever its manual says: drivers that shipped for years wait for it.
      device.print(`+CWJAP:${code}\r\n`);
      return device.profile.style.joinFails === 'FAIL' ? text('\r\nFAIL\r\n') : error();
    }),
  );
};

const readJoin = ({ device, args }: Call): JoinSettings => {
  const modern = device.profile.release >= 22;
  // 2.0 goes on past the missing password and reports each parameter it then stumbles over.
  if (args.count === 1 && device.profile.style.countCodes) {
    args.text(0);
    throw new Refusal(errorCode.parse(1), errorCode.parse(2), errorCode.length(3));
  }
  const old = device.get('join');
  const ssid = args.maybeText(0, old?.ssid ?? '', { max: 32 });
  if (args.count < 2) args.text(1);
  const password = args.maybeText(1, args.has(0) ? '' : old?.password ?? '', { max: 64 });
  const bssid = args.has(2) ? args.mac(2) : undefined;
  return {
    ssid,
    password,
    ...(bssid === undefined ? {} : { bssid }),
    pci: args.maybeInt(3, 0, { min: 0, max: 4 }),
    reconnect: args.maybeInt(4, 1, { min: 0, max: modern ? 7200 : 1 }),
    listen: args.maybeInt(5, 3, { min: 1, max: 100 }),
    scan: args.maybeInt(6, 0, { min: 0, max: 1 }),
    timeout: args.maybeInt(7, 15, { min: 3, max: 600 }),
    pmf: args.maybeInt(8, modern ? 1 : 0, { min: 0, max: 3 }),
  };
};

const showJoin = ({ device, name, print }: Call): Outcome => {
  const { beacon } = device.station;
  const saved = device.get('join');
  if (!beacon) {
    if (device.profile.style.logOnPort) device.log('No AP\r');
    return ok();
  }
  const common = [saved?.pci ?? 0, saved?.reconnect ?? 1, saved?.listen ?? 3];
  const { release } = device.profile;
  const tail = release >= 22 ? [...common, saved?.scan ?? 0, saved?.pmf ?? 1] : release === 21 ? [...common, saved?.scan ?? 0] : release >= 20 ? common : [];
  print(`${name}:"${beacon.ssid}","${beacon.bssid}",${[beacon.channel, beacon.rssi, ...tail].join(',')}\r\n`);
  return ok();
};

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
  {
    name: '+CWJAP', group: 'wifi',
    query: showJoin,
    set: (call) => {
      const { release } = call.device.profile;
      // Up to 1.x only name, password and BSSID.
      counted(call, 1, release >= 22 ? 9 : release >= 20 ? 7 : 3);
      const settings = readJoin(call);
      demand(stationOn(call), call);
      call.device.set('join', settings);
      return join(call, settings);
    },
    execute: {
      since: 22,
      run: (call) => {
        const saved = call.device.get('join');
        demand(stationOn(call) && saved !== undefined, call);
        return saved ? join(call, saved) : error();
      },
    },
  },
  {
    name: '+CWQAP', group: 'wifi',
    execute: ({ device }) => {
      const { station: sta, tcpIp, profile } = device;
      // 2.0 says WIFI DISCONNECT only when no link was open; 4.1 always.
      sta.leave(profile.style.leaveAlwaysSaid || tcpIp.open.length === 0);
      return ok();
    },
  },
  {
    name: '+CWRECONNCFG', group: 'wifi', since: 22,
    query: ({ device, name, print }) => {
      print(`${name}:${device.get('reconnect').join(',')}\r\n`);
      return ok();
    },
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
    query: ({ device, name, print }) => {
      print(`${name}:${device.get('wifiConfig').join(',')}\r\n`);
      return ok();
    },
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
  {
    name: '+CWJEAP', group: 'wifi', since: 21,
    query: ({ device, name, print }) => {
      const [ssid, method, identity, user, password, security] = device.get('enterprise');
      print(`${name}:"${ssid}",${method},"${identity}","${user}","${password}",${security}\r\n`);
      return ok();
    },
    set: (call) => {
      const { args, device, name } = call;
      counted(call, 6, 7);
      const settings = [
        args.text(0, { max: 32 }), args.int(1, { min: 0, max: 2 }), args.text(2, { max: 32 }),
        args.maybeText(3, '', { max: 32 }), args.maybeText(4, '', { max: 32 }), args.int(5, { min: 0, max: 3 }),
      ] as const;
      demand(stationOn(call), call);
      device.set('enterprise', settings);
      const found = device.world.beacons().find(({ ssid, encryption }) => ssid === settings[0] && encryption === 5);
      // Of an enterprise network the configuration knows user and password as one string.
      if (found?.password !== settings[4]) {
        return concat(new Observable<never>((subscriber) => device.after(15_000, () => subscriber.complete())), of(error())).pipe(
          tap(() => device.print(`${name}:Timeout\r\n`)),
        );
      }
      return join(call, {
        ssid: settings[0], password: settings[4], pci: 0, reconnect: 1, listen: 3, scan: 0, timeout: 15, pmf: 1,
      });
    },
  },
];
