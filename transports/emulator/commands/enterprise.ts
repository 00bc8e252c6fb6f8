import type { Row } from '../device.js';
import { error, ok } from '../outcome.js';
import { counted, demand, later } from './shared.js';
import { join, stationOn } from './stationShared.js';

/** Joining an enterprise network. */
export const enterprise: readonly Row[] = [
  {
    name: '+CWJEAP', group: 'wifi', since: 21,
    query: ({ device, name, print }) => {
      const [ssid, method, identity, user, password, security] = device.get('enterprise');
      print(`${name}:"${ssid}",${method},"${identity}","${user}","${password}",${security}\r\n`);
      return ok();
    },
    set: (call) => {
      const { args, device, name } = call;
      counted(call, 6, 7);
      const settings = [
        args.text(0, { max: 32 }), args.int(1, { min: 0, max: 2 }), args.text(2, { max: 32 }),
        args.maybeText(3, '', { max: 32 }), args.maybeText(4, '', { max: 32 }), args.int(5, { min: 0, max: 3 }),
      ] as const;
      demand(stationOn(call), call);
      device.set('enterprise', settings);
      const found = device.world.beacons().find(({ ssid, encryption }) => ssid === settings[0] && encryption === 5);
      // Of an enterprise network the configuration knows user and password as one string.
      if (found?.password !== settings[4]) {
        return later(call, 15_000, () => {
          device.print(`${name}:Timeout\r\n`);
          return error();
        });
      }
      return join(call, {
        ssid: settings[0], password: settings[4], pci: 0, reconnect: 1, listen: 3, scan: 0, timeout: 15, pmf: 1,
      });
    },
  },
];
