import { error, ok } from '../outcome.js';
import type { Call, Row } from '../device.js';
import { textOf } from '../format.js';
import { counted, demand } from './shared.js';

/** More than this does not fit the heap beside its 128 bytes of overhead. */
const heap = 100_000;

const setAll = (call: Call, mode: number): ReturnType<typeof ok> => {
  call.device.set('receive', call.device.get('receive').map(() => mode));
  call.device.tcpIp.pump();
  return ok();
};

const setOne = (call: Call): ReturnType<typeof ok> => {
  const { args, device } = call;
  const mux = device.get('mux') === 1;
  counted(call, mux ? 2 : 1, mux ? 2 : 1);
  const id = mux ? args.int(0, { min: 0, max: 5 }) : 0;
  const mode = args.int(mux ? 1 : 0, { min: 0, max: 1 });
  device.set('receive', device.get('receive').map((old, index) => (id === 5 || id === index ? mode : old)));
  device.tcpIp.pump();
  return ok();
};

export const receiving: readonly Row[] = [
  {
    name: '+CIPRECVMODE', group: 'tcpip',
    query: ({ device, name, print }) => {
      print(`${name}:${device.get('receive')[0] ?? 0}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      const mode = call.args.int(0, { min: 0, max: 1 });
      // 3.5 and later let it change while a link is open.
      demand(call.device.profile.release >= 22 || call.device.tcpIp.open.length === 0, call);
      return setAll(call, mode);
    },
  },
  {
    name: '+CIPRECVTYPE', group: 'tcpip', since: 33,
    query: ({ device, name, print }) => {
      const shown = device.get('mux') === 1 ? device.get('receive') : device.get('receive').slice(0, 1);
      shown.forEach((mode, id) => print(`${name}:${id},${mode}\r\n`));
      return ok();
    },
    set: setOne,
  },
  {
    name: '+CIPRECVDATA', group: 'tcpip',
    set: (call) => {
      const { args, device, name, print } = call;
      const mux = device.get('mux') === 1;
      // The wrong count for the mode is refused without a code.
      demand(args.count === (mux ? 2 : 1), call);
      const id = mux ? args.int(0, { min: 0, max: 4 }) : 0;
      const length = args.int(mux ? 1 : 0, { min: 1, max: 0x7fffffff });
      const link = device.tcpIp.link(id);
      demand(link !== undefined && link.passive && length <= heap, call);
      if (device.meet({ point: 'read', link: id, length })?.do === 'error') return error();
      const data = link?.read(length);
      demand(data !== undefined, call);
      if (!link || !data) return error();
      const from = device.get('remoteInfo') === 1 ? `"${data.remote.address}",${data.remote.port},` : '';
      const head = device.profile.style.receivedHead === ':' ? `${name}:${data.bytes.length},${from}` : `${name},${data.bytes.length}:`;
      print(`${head}${textOf(data.bytes)}`);
      return ok(() => link.afterRead());
    },
  },
  {
    name: '+CIPRECVLEN', group: 'tcpip',
    query: ({ device, name, print }) => {
      const { closedLength } = device.profile.style;
      const ids = device.get('mux') === 1 ? [0, 1, 2, 3, 4] : [0];
      const length = (id: number): number => {
        const link = device.tcpIp.link(id);
        return link ? (link.passive ? link.length : 0) : closedLength;
      };
      print(`${name}:${ids.map(length).join(',')}\r\n`);
      return ok();
    },
  },
];
