import type { Call, Row } from '../device.js';
import { ok, type Outcome } from '../outcome.js';
import type { TcpOptions } from '../settings.js';
import { counted, demand, setNumber, showNumber } from './shared.js';

const readOptions = (call: Call): Outcome => {
  const { args, device } = call;
  const mux = device.get('mux') === 1;
  const modern = device.profile.release >= 30;
  counted(call, 1, (modern ? 4 : 3) + (mux ? 1 : 0));
  const id = mux ? args.int(0, { min: 0, max: 5 }) : 0;
  const from = mux ? 1 : 0;
  const change = (old: TcpOptions): TcpOptions => ({
    linger: args.maybeInt(from, old.linger, { min: -1, max: 0x7fffffff }),
    noDelay: args.maybeInt(from + 1, old.noDelay, { min: 0, max: 1 }),
    sendTimeout: args.maybeInt(from + 2, old.sendTimeout, { min: 0 }),
    keepAlive: args.maybeInt(from + 3, old.keepAlive, { min: 0, max: 7200 }),
  });
  device.set('tcp', device.get('tcp').map((old, index) => (id === 5 || id === index ? change(old) : old)));
  return ok();
};

/** How links behave. */
export const linkSettings: readonly Row[] = [
  {
    name: '+CIPTCPOPT', group: 'tcpip', since: 21,
    query: ({ device, name, print }) => {
      const shown = device.get('mux') === 1 ? device.get('tcp') : device.get('tcp').slice(0, 1);
      shown.forEach(({ linger, noDelay, sendTimeout, keepAlive }, id) => {
        const last = device.profile.release >= 30 ? `,${keepAlive}` : '';
        print(`${name}:${id},${linger},${noDelay},${sendTimeout}${last}\r\n`);
      });
      return ok();
    },
    set: readOptions,
  },
  {
    name: '+CIPMUX', group: 'tcpip',
    query: showNumber('mux'),
    set: (call) => {
      const { device } = call;
      counted(call, 1, 1);
      const mux = call.args.int(0, { min: 0, max: 1 });
      if (device.tcpIp.open.length > 0) device.log('link is builded\r');
      else if (device.tcpIp.server.running) device.log('CIPSERVER must be 0\r');
      demand(device.tcpIp.open.length === 0 && device.tcpIp.server.running === undefined, call);
      demand(mux === 0 || device.get('mode') === 0, call);
      device.set('mux', mux);
      return ok();
    },
  },
  {
    name: '+CIPMODE', group: 'tcpip',
    query: showNumber('mode'),
    set: (call) => {
      const { device } = call;
      counted(call, 1, 1);
      const mode = call.args.int(0, { min: 0, max: 1 });
      demand(!device.profile.style.modeNeedsSingle || device.get('mux') === 0, call);
      // Classic Bluetooth has the line.
      demand(mode === 0 || !device.applications.classic.on, call);
      device.set('mode', mode);
      device.tcpIp.pump();
      return ok();
    },
  },
  {
    name: '+CIPDINFO', group: 'tcpip',
    query: ({ device, name, print }) => {
      print(`${name}:${device.get('remoteInfo') === 1 ? 'true' : 'false'}`);
      return ok();
    },
    set: setNumber('remoteInfo', 0, 1),
  },
  {
    name: '+CIPRECONNINTV', group: 'tcpip',
    query: { since: 30, run: showNumber('reconnectInterval') },
    set: setNumber('reconnectInterval', 1, 36000),
  },
];
