import type { Observable } from 'rxjs';
import type { Call, Handler, Row } from '../device.js';
import { isIp6 } from '../format.js';
import type { Outcome } from '../outcome.js';
import type { LinkType, OpenRequest } from '../tcpip/openRequest.js';
import { counted, demand } from './shared.js';

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

/** Opening links. */
export const opening: readonly Row[] = [
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
];
