import { BleSpp, sppFits } from '../ble/bleSpp.js';
import type { Row } from '../device.js';
import { ok } from '../outcome.js';
import { Refusal } from '../refusal.js';
import { placeAt, started } from './bleShared.js';
import { counted, demand } from './shared.js';

export const bleSpp: readonly Row[] = [
  {
    name: '+BLESPPCFG', group: 'ble',
    query: (call) => {
      const places = started(call).sppPlaces ?? [];
      const shown = places.length === 0 ? [0, 0, 0, 0] : places.flatMap(({ service, characteristic }) => [service, characteristic]);
      call.print(`${call.name}:${shown.join(',')}`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 5);
      const bluetooth = started(call);
      if (call.args.int(0, { min: 0, max: 1 }) === 0) bluetooth.sppPlaces = undefined;
      else {
        counted(call, 5, 5);
        bluetooth.sppPlaces = [placeAt(call, 1, false), placeAt(call, 3, false)];
      }
      return ok();
    },
  },
  {
    name: '+BLESPP', group: 'ble',
    execute: (call) => {
      const { device } = call;
      const bluetooth = started(call);
      const { sppPlaces: places, links: { all: [first] } } = bluetooth;
      // Where AT+CIPMODE=1 has the line Bluetooth has none.
      demand(device.get('mode') === 0, call);
      if (!places || !first || !sppFits(bluetooth, first[1], places)) throw new Refusal();
      return device.passthrough((left) => new BleSpp(device, bluetooth, places, left));
    },
  },
];
