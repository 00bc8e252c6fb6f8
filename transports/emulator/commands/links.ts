import type { Call, Row } from '../device.js';
import { ok, type Outcome } from '../outcome.js';
import { Refusal } from '../refusal.js';
import type { Link } from '../tcpip/link.js';
import { linkSettings } from './linkSettings.js';
import { opening } from './opening.js';
import { counted, demand } from './shared.js';

/** The number of AT+CIPSTATUS. */
const status = ({ device }: Call): number => {
  const { tcpIp, station, profile } = device;
  if (profile.style.statusOfLinks) return tcpIp.open.length > 0 ? 3 : !station.online ? 5 : tcpIp.wasLinked ? 4 : 2;
  const streams = tcpIp.open.filter(({ type, server }) => !type.startsWith('UDP') && (profile.style.serverCounts || !server));
  if (streams.length > 0) return 3;
  if (tcpIp.open.length > 0 || tcpIp.wasLinked) return 4;
  if (station.online) return 2;
  if ((device.get('wifiMode') & 1) === 0) return 0;
  return station.left ? 5 : 1;
};

const rows = ({ device, name, print }: Call): void => {
  for (const { id, type, channel, shownPort, server } of device.tcpIp.open) {
    print(`${name}:${id},"${type}","${channel.remote.address}",${channel.remote.port},${shownPort},${server ? 1 : 0}\r\n`);
  }
};

const close = (call: Call, links: readonly Link[]): Outcome => {
  for (const link of links) call.device.tcpIp.close(link);
  return ok();
};

/** NONOS says why where there is no such link. */
const closeOne = (call: Call, id: number): Outcome => {
  const { tcpIp, profile } = call.device;
  const link = tcpIp.link(id);
  if (link) return close(call, [link]);
  if (profile.style.logOnPort) call.device.log('UNLINK\r');
  throw new Refusal();
};

/** The module's links: what they are, how they open and close, how they behave. */
export const links: readonly Row[] = [
  {
    name: '+CIPSTATUS', group: 'tcpip',
    execute: (call) => {
      call.print(`STATUS:${status(call)}\r\n`);
      rows(call);
      return ok();
    },
  },
  {
    name: '+CIPSTATE', group: 'tcpip', since: 24,
    query: (call) => {
      rows(call);
      return ok();
    },
  },
  ...opening,
  {
    name: '+CIPCLOSE', group: 'tcpip',
    execute: (call) => {
      demand(call.device.get('mux') === 0, call);
      return closeOne(call, 0);
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 1, 1);
      const id = args.int(0, { min: 0, max: 5 });
      if (device.get('mux') === 0) device.log('MUX=0\r');
      demand(device.get('mux') === 1, call);
      return id === 5 ? close(call, device.tcpIp.open) : closeOne(call, id);
    },
  },
  ...linkSettings,
];
