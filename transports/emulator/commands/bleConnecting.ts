import { map } from 'rxjs';
import type { Row } from '../device.js';
import { error, ok, type Outcome } from '../outcome.js';
import { linkAt, shownMac, started } from './bleShared.js';
import { counted, demand } from './shared.js';

export const bleConnecting: readonly Row[] = [
  {
    name: '+BLECONN', group: 'ble',
    query: (call) => {
      const bluetooth = started(call);
      const connections = bluetooth.links.all;
      if (connections.length === 0) call.print(`${call.name}:\r\n`);
      for (const [index, link] of connections) call.print(`${call.name}:${index},${shownMac(call, link.peerOf(bluetooth))}\r\n`);
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 2, 4);
      const bluetooth = started(call, 1);
      const index = args.int(0, { min: 0, max: 2 });
      const address = args.mac(1);
      const addressType = args.maybeInt(2, 0, { min: 0, max: 3 }) & 1;
      const patience = args.maybeInt(3, 30, { min: 3, max: 30 }) * 1000;
      demand(bluetooth.links.has(index) && bluetooth.links.at(index) === undefined && bluetooth.initiator.index === undefined, call);
      const attempt = bluetooth.initiator.connect(index, address, addressType, patience);
      const said = (made: boolean): void => device.say(`+BLECONN:${index},${made ? `"${address}"` : '-1'}\r\n`);
      // Up to 2.1 the OK says that the command was taken; since 2.2 it follows the outcome.
      if (device.profile.release < 22) return ok(() => device.follow(attempt, (link) => said(link !== undefined)));
      return attempt.pipe(map((link): Outcome => {
        said(link !== undefined);
        return link ? ok() : error();
      }));
    },
  },
  {
    name: '+BLECONNPARAM', group: 'ble',
    query: (call) => {
      for (const [index, { interval, latency, timeout }] of started(call).links.all) {
        const units = Math.round(interval / 1.25);
        call.print(`${call.name}:${index},${units},${units},${units},${latency},${timeout / 10}\r\n`);
      }
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 5, 5);
      // The documents of 2.2 have it for clients only.
      const bluetooth = started(call, device.profile.release < 30 ? 1 : undefined);
      const link = linkAt(call, bluetooth);
      const min = args.int(1, { min: 6, max: 3200 });
      const max = args.int(2, { min, max: 3200 });
      const latency = args.int(3, { min: 0, max: 499 });
      const timeout = args.int(4, { min: 10, max: 3200 }) * 10;
      // The controller refuses a connection that would be lost between two events.
      if ((1 + latency) * max * 1.25 * 2 >= timeout) return ok(() => device.say(`${call.name}:${args.int(0)},-1\r\n`));
      return ok(() => link.tell(bluetooth, 12, (peer) => {
        Object.assign(link, { interval: max * 1.25, latency, timeout });
        for (const side of [bluetooth, peer]) side.parametersChanged(link);
      }));
    },
  },
  {
    name: '+BLEDISCONN', group: 'ble',
    set: (call) => {
      counted(call, 1, 1);
      const link = linkAt(call, started(call, 1));
      return ok(() => link.close());
    },
  },
  {
    name: '+BLEDATALEN', group: 'ble',
    set: (call) => {
      counted(call, 2, 2);
      const link = linkAt(call, started(call));
      link.dataLength = call.args.int(1, { min: 27, max: 251 });
      return ok();
    },
  },
  {
    name: '+BLECFGMTU', group: 'ble',
    query: (call) => {
      for (const [index, { mtu }] of started(call).links.all) call.print(`${call.name}:${index},${mtu}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 2, 2);
      const bluetooth = started(call, 1);
      const link = linkAt(call, bluetooth);
      const mtu = call.args.int(1, { min: 23, max: 517 });
      return ok(() => call.device.follow(
        link.ask(bluetooth, 3, 3, (peer) => {
          link.mtu = mtu;
          peer.mtuChanged(link);
          return true;
        }),
        (agreed) => (agreed ? bluetooth.mtuChanged(link) : undefined),
      ));
    },
  },
];
