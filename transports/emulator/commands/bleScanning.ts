import { findInAdvert, hasUuid, hexOf } from '../ble/advertising.js';
import type { Heard } from '../ble/radio.js';
import type { Call, Row } from '../device.js';
import { macOf } from '../format.js';
import { ok } from '../outcome.js';
import { shownMac, started } from './bleShared.js';
import { counted, demand } from './shared.js';

type Filter = (advert: Heard) => boolean;

/** Document 000 filters by address and name, later releases by UUID and signal strength too. */
const filterOf = (call: Call): Filter => {
  const { args, device } = call;
  if (!args.has(2)) return () => true;
  const type = args.int(2, { min: 1, max: device.profile.release < 22 ? 2 : 4 });
  const wanted = args.text(3, { max: 64 });
  switch (type) {
    case 1: {
      const mac = macOf(wanted);
      demand(mac !== undefined, call);
      return ({ address }) => address === mac;
    }
    case 2: {
      const name = hexOf(wanted);
      return ({ data, response }) => [...findInAdvert(data, [8, 9]), ...findInAdvert(response, [8, 9])].includes(name);
    }
    case 3:
      return ({ data, response }) => hasUuid(data, wanted) || hasUuid(response, wanted);
    default:
      return ({ rssi }) => rssi >= Number(wanted);
  }
};

export const bleScanning: readonly Row[] = [
  {
    name: '+BLESCANPARAM', group: 'ble',
    query: (call) => {
      started(call, 1);
      const { type, ownAddress, filter, interval, window } = call.device.get('bleScan');
      call.print(`${call.name}:${type},${ownAddress},${filter},${interval},${window}${call.device.profile.release < 21 ? '\r\n' : ''}`);
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 5, 5);
      started(call, 1);
      const interval = args.int(3, { min: 4, max: 16384 });
      device.set('bleScan', {
        type: args.int(0, { min: 0, max: 1 }), ownAddress: args.int(1, { min: 0, max: 3 }), filter: args.int(2, { min: 0, max: 3 }),
        interval, window: args.int(4, { min: 4, max: interval }),
      });
      return ok();
    },
  },
  {
    name: '+BLESCAN', group: 'ble',
    set: (call) => {
      const { args, device } = call;
      counted(call, 1, 4);
      const { scanner } = started(call, 1);
      const done = (): void => {
        if (!scanner.on) return;
        scanner.stop();
        if (device.profile.release >= 32) device.say('+BLESCANDONE\r\n');
      };
      if (args.int(0, { min: 0, max: 1 }) === 0) return ok(done);
      demand(!scanner.on, call);
      const seconds = args.maybeInt(1, 0, { min: 0, max: 0x7fffffff });
      const filter = filterOf(call);
      return ok(() => {
        const scan = scanner.start((advert) => {
          const { address, addressType, rssi, data, response } = advert;
          if (filter(advert)) device.say(`+BLESCAN:${shownMac(call, address)},${rssi},${data},${response},${addressType}\r\n`);
        });
        // An earlier scan's end is not this one's.
        if (seconds > 0) device.after(seconds * 1000, () => (scanner.isCurrent(scan) ? done() : undefined));
      });
    },
  },
];
