import { ok } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import { counted } from './shared.js';

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

/** Which interfaces take part in DHCP. */
export const dhcp: readonly Row[] = [
  {
    name: '+CWDHCP', group: 'wifi',
    query: ({ device, name, print }) => {
      const bits = device.get('dhcp');
      print(`${name}:${device.profile.style.dhcpModeFirst ? swapped(bits) : bits}`);
      return ok();
    },
    set: setDhcp,
  },
];
