import type { Row } from '../device.js';
import { bleAdvertising } from './bleAdvertising.js';
import { bleClient } from './bleClient.js';
import { bleConnecting } from './bleConnecting.js';
import { bleHid } from './bleHid.js';
import { bleScanning } from './bleScanning.js';
import { bleSecuring } from './bleSecuring.js';
import { bleServer } from './bleServer.js';
import { bleSpp } from './bleSpp.js';
import { blufi } from './blufi.js';
import { ok } from '../outcome.js';
import type { BleRole } from '../ble/bluetooth.js';
import { shownMac, started } from './bleShared.js';
import { counted, demand } from './shared.js';

/** A static random address has its two highest bits set, and not all others alike. */
const isStatic = (mac: string): boolean => {
  const rest = mac.replace(/:/g, '').slice(1);
  return /^[c-f]/.test(mac) && !(/^0+$/.test(rest) && /^c/.test(mac)) && mac !== 'ff:ff:ff:ff:ff:ff';
};

const device: readonly Row[] = [
  {
    name: '+BLEINIT', group: 'ble',
    query: ({ device: { applications }, name, print }) => {
      print(`${name}:${applications.bluetooth.role}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      demand(call.device.applications.bluetooth.start(call.args.int(0, { min: 0, max: 2 }) as BleRole), call);
      return ok();
    },
  },
  {
    name: '+BLEADDR', group: 'ble',
    query: (call) => {
      call.print(`${call.name}:${shownMac(call, started(call).addresses.fixed)}`);
      return ok();
    },
    set: (call) => {
      const { args, device: { random } } = call;
      counted(call, 1, 2);
      const { addresses } = started(call);
      if (args.int(0, { min: 0, max: 1 }) === 0) addresses.random = undefined;
      else if (args.has(1)) {
        const mac = args.mac(1);
        demand(isStatic(mac), call);
        addresses.random = mac;
      } else {
        const pair = (bits: number): string => (Math.floor(random() * 64) | bits).toString(16).padStart(2, '0');
        addresses.random = [pair(0x40), ...Array.from({ length: 5 }, () => pair(0x80))].join(':');
      }
      return ok();
    },
  },
  {
    name: '+BLENAME', group: 'ble',
    query: ({ device: { applications }, device, name, print }) => {
      // Recorded on 2.0: empty before AT+BLEINIT.
      print(`${name}:${applications.bluetooth.role === 0 ? '' : device.get('bleName')}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      started(call);
      call.device.set('bleName', call.args.text(0, { min: 1, max: 32 }));
      return ok();
    },
  },
];

/** Bluetooth LE. */
export const ble: readonly Row[] = [
  ...device, ...bleScanning, ...bleAdvertising, ...bleConnecting, ...bleServer, ...bleClient, ...bleSecuring, ...bleSpp, ...bleHid, ...blufi,
];
