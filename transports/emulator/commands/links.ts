import { ok, type Outcome } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import { isIp6 } from '../format.js';
import type { Observable } from 'rxjs';
import type { Link, LinkType } from '../tcpip/link.js';
import type { OpenRequest } from '../tcpip/tcpIp.js';
import type { TcpOptions } from '../settings.js';
import { counted, demand, setNumber, showNumber } from './shared.js';

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

const types = (modern: boolean): readonly string[] => ['TCP', 'UDP', 'SSL', ...(modern ? ['TCPv6', 'UDPv6', 'SSLv6'] : [])];

/** A connection may be bound to an address the module has; an empty one is as none (document 002), and so is 0.0.0.0, which hosts' drivers send. */
const bound = (call: Call, index: number): void => {
  const { args, device } = call;
  // Local addresses came with 2.0.
  demand(device.profile.release >= 20 || !args.has(index), call);
  const asked = args.maybeText(index, '');
  const { station, softAp, ethernet } = device;
  const own = [station.online ? station.address.ip : '', softAp.on ? device.get('softApIp').ip : '', ethernet.address?.ip ?? ''];
  demand(own.includes(asked) || (device.get('ipv6') === 1 && isIp6(asked)) || asked === '' || asked === '0.0.0.0', call);
};

/** Reads what follows the link id: type, host, port and what the type takes. */
const readRequest = (call: Call, id: number, from: number): OpenRequest => {
  const { args, device } = call;
  const type = args.text(from);
  const host = args.text(from + 1, { min: 1, max: 64 });
  const port = args.int(from + 2, { min: 0, max: 65535 });
  demand(types(device.profile.release >= 22).includes(type) && (!type.endsWith('v6') || device.get('ipv6') === 1), call);
  if (type.startsWith('UDP')) {
    const localPort = args.maybeInt(from + 3, undefined, { min: 0, max: 65535 });
    const peerMode = args.maybeInt(from + 4, 0, { min: 0, max: 2 });
    bound(call, from + 5);
    return { id, type: type as LinkType, host, port, localPort: localPort === 0 ? undefined : localPort, peerMode };
  }
  const keepAlive = args.maybeInt(from + 3, undefined, { min: 0, max: 7200 });
  if (keepAlive !== undefined) {
    // The keep-alive of CIPSTART and of CIPTCPOPT is one setting.
    device.set('tcp', device.get('tcp').map((options, index) => (index === id ? { ...options, keepAlive } : options)));
  }
  bound(call, from + 4);
  return { id, type: type as LinkType, host, port, localPort: undefined, peerMode: 0 };
};

const start: Handler = (call) => {
  const { args, device } = call;
  const mux = device.get('mux') === 1;
  counted(call, 3, mux ? 7 : 6, 1);
  const id = mux ? args.int(0, { min: 0, max: 4 }) : 0;
  const request = readRequest(call, id, mux ? 1 : 0);
  return open(call, request);
};

const open = (call: Call, request: OpenRequest): Observable<Outcome> => {
  const taken = call.device.tcpIp.link(request.id) !== undefined;
  if (taken) call.device.log('ALREADY CONNECTED\r');
  demand(!taken, call);
  const secure = call.device.tcpIp.open.filter(({ type }) => type.startsWith('SSL')).length;
  demand(!request.type.startsWith('SSL') || secure < call.device.profile.limits.ssl, call);
  return call.device.tcpIp.start(request);
};

/** The link to close; NONOS says why where there is none. */
const openOne = ({ device }: Call, id: number): Link | undefined => {
  const link = device.tcpIp.link(id);
  if (link === undefined && device.profile.style.logOnPort) device.log('UNLINK\r');
  return link;
};

const closeAll = (call: Call, links: readonly Link[]): Outcome => {
  for (const link of links) call.device.tcpIp.close(link);
  return ok();
};

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
  { name: '+CIPSTART', group: 'tcpip', set: start },
  {
    name: '+CIPSTARTEX', group: 'tcpip',
    set: (call) => {
      counted(call, 3, 6, 1);
      demand(call.device.get('mux') === 1, call);
      const id = call.device.tcpIp.freeId();
      demand(id >= 0, call);
      return open(call, readRequest(call, id, 0));
    },
  },
  {
    name: '+CIPCLOSE', group: 'tcpip',
    execute: (call) => {
      demand(call.device.get('mux') === 0, call);
      const link = openOne(call, 0);
      demand(link !== undefined, call);
      return closeAll(call, link ? [link] : []);
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 1, 1);
      const id = args.int(0, { min: 0, max: 5 });
      if (device.get('mux') === 0) device.log('MUX=0\r');
      demand(device.get('mux') === 1, call);
      if (id === 5) return closeAll(call, device.tcpIp.open);
      const link = openOne(call, id);
      demand(link !== undefined, call);
      return closeAll(call, link ? [link] : []);
    },
  },
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
      else if (device.tcpIp.server) device.log('CIPSERVER must be 0\r');
      demand(device.tcpIp.open.length === 0 && device.tcpIp.server === undefined, call);
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
