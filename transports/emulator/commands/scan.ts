import type { Observable } from 'rxjs';
import { ok, type Outcome } from '../outcome.js';
import type { Call, Row } from '../device.js';
import { counted, demand, later } from './shared.js';
import { stationOn } from './stationShared.js';
import type { Beacon } from '../wifi/world.js';

/** The fields of `+CWLAP:(…)` in the order of the mask's bits; 2.x has the first five. */
const fields = ({ encryption, ssid, rssi, bssid, channel }: Beacon): readonly string[] => [
  `${encryption}`, `"${ssid}"`, `${rssi}`, `"${bssid}"`, `${channel}`,
  // Frequency offset and calibration are not known; no pairwise and group cipher; b and g; no WPS.
  '-1', '-1', encryption === 0 ? '0' : '4', encryption === 0 ? '0' : '4', '3', '0',
];

interface Filter { readonly ssid: string; readonly mac: string | undefined; readonly channel: number }

const list = (call: Call, filter: Filter): Observable<Outcome> => {
  const { device } = call;
  demand(stationOn(call), call, true);
  const channels = filter.channel > 0 ? 1 : 13;
  return later(call, device.timing.scan * channels, () => {
    const [sorted, mask, weakest] = device.get('scanOptions');
    const seen = device.world
      .beacons()
      .filter((beacon) => (!beacon.hidden || beacon.ssid === filter.ssid) && beacon.rssi >= weakest)
      .filter((beacon) => filter.ssid === '' || beacon.ssid === filter.ssid)
      .filter((beacon) => filter.mac === undefined || beacon.bssid === filter.mac)
      .filter((beacon) => filter.channel === 0 || beacon.channel === filter.channel);
    if (sorted === 1) seen.sort((a, b) => b.rssi - a.rssi);
    for (const beacon of seen) {
      device.print(`+CWLAP:(${fields(beacon).filter((_, bit) => ((mask >> bit) & 1) === 1).join(',')})\r\n`);
    }
    return ok();
  });
};

export const scanning: readonly Row[] = [
  {
    name: '+CWLAP', group: 'wifi',
    execute: (call) => list(call, { ssid: '', mac: undefined, channel: 0 }),
    set: (call) => {
      counted(call, 1, 7);
      // Hosts' drivers ask for `,,,1,,` (passive scan) and, on the ESP8266, for `"","<mac>",`.
      const args = call.args.trimmed;
      const ssid = args.maybeText(0, '', { max: 32 });
      const mac = args.has(1) && args.text(1) !== '' ? args.mac(1) : undefined;
      const channel = args.maybeInt(2, 0, { min: 0, max: 14 });
      args.maybeInt(3, 0, { min: 0, max: 1 });
      args.maybeInt(4, 0, { min: 0, max: 1500 });
      args.maybeInt(5, 0, { min: 0, max: 1500 });
      return list(call, { ssid, mac, channel });
    },
  },
  {
    name: '+CWLAPOPT', group: 'wifi',
    set: (call) => {
      const { args, device } = call;
      const modern = device.profile.release >= 22;
      counted(call, modern ? 1 : 2, modern ? 4 : 2);
      const max = device.profile.limits.scanMask;
      device.set('scanOptions', [
        args.int(0, { min: 0, max: 1 }), args.maybeInt(1, max, { min: 0, max }),
        args.maybeInt(2, -100, { min: -100, max: 40 }), args.maybeInt(3, 0x7fffffff, { min: 0 }),
      ]);
      return ok();
    },
  },
];
