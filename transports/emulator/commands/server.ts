import { ok } from '../outcome.js';
import type { Handler, Row } from '../device.js';
import { counted, demand, setNumber, showNumber } from './shared.js';

const show: Handler = ({ device, name, print }) => {
  const { running } = device.tcpIp.server;
  const netif = device.profile.release >= 41 ? ',0' : '';
  print(running ? `${name}:1,${running.port},"${running.type}",${running.ca}${netif}\r\n` : `${name}:0\r\n`);
  return ok();
};

const change: Handler = (call) => {
  const { args, device } = call;
  counted(call, 1, 5);
  const on = args.int(0, { min: 0, max: 1 }) === 1;
  demand(device.get('mux') === 1, call);
  if (!on) {
    // Up to 2.1 the port again, which says nothing here (document 000); later, whether the clients are closed.
    const closes = device.profile.release >= 22;
    const second = args.maybeInt(1, 0, { min: 0, max: closes ? 1 : 65535 });
    if (!device.tcpIp.server.running) device.log('no change\r');
    device.tcpIp.server.stop();
    if (closes && second === 1) for (const link of device.tcpIp.open) if (link.server) device.tcpIp.close(link);
    return ok();
  }
  const port = args.maybeInt(1, 333, { min: 0, max: 65535 });
  const type = args.maybeText(2, 'TCP');
  const ca = args.maybeInt(3, 0, { min: 0, max: 1 });
  demand(['TCP', 'SSL', ...(device.profile.release >= 22 ? ['TCPv6', 'SSLv6'] : [])].includes(type), call);
  // A second AT+CIPSERVER=1 is OK and changes nothing.
  if (device.tcpIp.server.running) {
    device.log('no change\r');
    return ok();
  }
  return device.tcpIp.server.listen(port, type, ca);
};

export const serving: readonly Row[] = [
  { name: '+CIPSERVER', group: 'tcpip', query: show, set: change },
  {
    name: '+CIPSERVERMAXCONN', group: 'tcpip',
    query: showNumber('maxClients'),
    set: (call) => {
      counted(call, 1, 1);
      const count = call.args.int(0, { min: 1, max: 5 });
      demand(call.device.tcpIp.server.running === undefined, call);
      call.device.set('maxClients', count);
      return ok();
    },
  },
  { name: '+CIPSTO', group: 'tcpip', query: showNumber('idle'), set: setNumber('idle', 0, 7200) },
];
