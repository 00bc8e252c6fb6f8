import type { Row } from '../device.js';
import { ok } from '../outcome.js';
import { hexAt, shownMac, started } from './bleShared.js';
import { counted } from './shared.js';

export const bleAdvertising: readonly Row[] = [
  {
    name: '+BLESCANRSPDATA', group: 'ble',
    set: (call) => {
      counted(call, 1, 1);
      const bluetooth = started(call, 2);
      call.device.set('bleResponse', hexAt(call, 0, 31).toLowerCase());
      bluetooth.advertiser.refresh();
      return ok();
    },
  },
  {
    name: '+BLEADVPARAM', group: 'ble',
    query: (call) => {
      started(call, 2);
      const { min, max, type, ownAddress, channels, filter, peerType, peer } = call.device.get('bleAdvertising');
      call.print(`${call.name}:${[min, max, type, ownAddress, channels, filter, peerType].join(',')},${shownMac(call, peer)}`);
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 5, 8);
      const bluetooth = started(call, 2);
      const of = (index: number, among: readonly number[]): number => {
        const value = args.int(index);
        return among.includes(value) ? value : args.int(index, { min: Infinity });
      };
      device.set('bleAdvertising', {
        min: args.int(0, { min: 0x20, max: 0x4000 }), max: args.int(1, { min: 0x20, max: 0x4000 }), type: of(2, [0, 2, 3]), ownAddress: of(3, [0, 1]),
        channels: of(4, [1, 2, 4, 7]), filter: args.maybeInt(5, 0, { min: 0, max: 3 }), peerType: args.maybeInt(6, 0, { min: 0, max: 1 }),
        peer: args.has(7) ? args.mac(7) : '00:00:00:00:00:00',
      });
      bluetooth.advertiser.refresh();
      return ok();
    },
  },
  {
    name: '+BLEADVDATA', group: 'ble',
    query: {
      since: 21,
      run: (call) => {
        started(call, 2);
        const content = call.device.get('bleContent');
        call.print(`${call.name}:"${content && 'raw' in content ? content.raw : ''}"`);
        return ok();
      },
    },
    set: (call) => {
      counted(call, 1, 1);
      const bluetooth = started(call, 2);
      call.device.set('bleContent', { raw: hexAt(call, 0, 31).toLowerCase() });
      bluetooth.advertiser.refresh();
      return ok();
    },
  },
  {
    name: '+BLEADVDATAEX', group: 'ble',
    query: (call) => {
      started(call, 2);
      const content = call.device.get('bleContent');
      const { name, uuid, manufacturer, power } = content && 'name' in content ? content : { name: '', uuid: '', manufacturer: '', power: 0 };
      call.print(`${call.name}:"${name}","${uuid}","${manufacturer}",${power}`);
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 4, 4);
      const bluetooth = started(call, 2);
      device.set('bleContent', { name: args.text(0, { max: 29 }), uuid: hexAt(call, 1, 16), manufacturer: hexAt(call, 2, 29), power: args.int(3, { min: 0, max: 1 }) });
      bluetooth.advertiser.start();
      return ok();
    },
  },
  {
    name: '+BLEADVSTART', group: 'ble',
    execute: (call) => {
      started(call, 2).advertiser.start();
      return ok();
    },
  },
  {
    name: '+BLEADVSTOP', group: 'ble',
    execute: (call) => {
      started(call, 2).advertiser.stop();
      return ok();
    },
  },
];
