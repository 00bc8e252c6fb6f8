import { ok } from '../outcome.js';
import type { Row } from '../device.js';
import { counted } from './shared.js';

/** What only the ESP8266's NONOS firmware has. */
export const nonos: readonly Row[] = [
  {
    name: '+CIPCLOSEMODE', group: 'tcpip', since: 17, until: 17,
    set: (call) => {
      const { args, device } = call;
      const from = device.get('mux');
      counted(call, 1 + from, 1 + from);
      const id = from === 1 ? args.int(0, { min: 0, max: 4 }) : 0;
      const linger = args.int(from, { min: 0, max: 1 }) === 1 ? 0 : -1;
      // To abort is what lingering for no time is.
      device.set('tcp', device.get('tcp').map((old, index) => (index === id ? { ...old, linger } : old)));
      return ok();
    },
  },
  {
    name: '+CIPSSLSIZE', group: 'tcpip', since: 17, until: 17,
    set: (call) => {
      counted(call, 1, 1);
      // The size of the TLS buffer, which nothing on the line tells.
      call.args.int(0, { min: 2048, max: 4096 });
      return ok();
    },
  },
];
