import type { Call, Row } from '../device.js';
import { error, ok, type Outcome } from '../outcome.js';
import { Refusal, errorCode } from '../refusal.js';
import type { JoinSettings } from '../settings.js';
import { counted, demand } from './shared.js';
import { join, stationOn } from './stationShared.js';

const readJoin = ({ device, args }: Call): JoinSettings => {
  const modern = device.profile.release >= 22;
  // 2.0 goes on past the missing password and reports each parameter it then stumbles over.
  if (args.count === 1 && device.profile.style.countCodes) {
    args.text(0);
    throw new Refusal(errorCode.parse(1), errorCode.parse(2), errorCode.length(3));
  }
  const old = device.get('join');
  // The name may be left out since 2.2 (document 002's siblings).
  const ssid = modern ? args.maybeText(0, old?.ssid ?? '', { max: 32 }) : args.text(0, { max: 32 });
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

/** Joining an access point, and leaving it. */
export const joining: readonly Row[] = [
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
];
