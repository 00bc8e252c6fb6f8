import type { Row } from '../device.js';
import { ok } from '../outcome.js';
import { linkAt, shownMac, started } from './bleShared.js';
import { counted, demand } from './shared.js';

/** 2.0 to 4.0 end these answers with LF alone. */
const end = (release: number): string => (release >= 20 && release <= 40 ? '\n' : '\r\n');

export const bleSecuring: readonly Row[] = [
  {
    name: '+BLESECPARAM', group: 'ble',
    query: (call) => {
      const { auth, capability, keySize, initiatorKeys, responderKeys, option } = started(call).security;
      call.print(`${call.name}:${[auth, capability, keySize, initiatorKeys, responderKeys, option].join(',')}${end(call.device.profile.release)}`);
      return ok();
    },
    set: (call) => {
      const { args } = call;
      counted(call, 5, 6);
      const bluetooth = started(call);
      const auth = args.int(0);
      demand([0, 1, 4, 8, 9, 12, 13].includes(auth), call);
      bluetooth.security = {
        auth, capability: args.int(1, { min: 0, max: 4 }), keySize: args.int(2, { min: 7, max: 16 }), initiatorKeys: args.int(3, { min: 0, max: 15 }),
        responderKeys: args.int(4, { min: 0, max: 15 }), option: args.maybeInt(5, 0, { min: 0, max: 1 }),
      };
      return ok();
    },
  },
  {
    name: '+BLEENC', group: 'ble',
    set: (call) => {
      counted(call, 2, 2);
      const bluetooth = started(call);
      const link = linkAt(call, bluetooth);
      const action = call.args.int(1, { min: 0, max: 3 });
      return ok(() => (action === 0 ? undefined : bluetooth.pairings.ask(link, action === 3)));
    },
  },
  {
    name: '+BLEENCRSP', group: 'ble',
    set: (call) => {
      counted(call, 2, 2);
      const bluetooth = started(call);
      demand(bluetooth.pairings.answer(linkAt(call, bluetooth), call.args.int(1, { min: 0, max: 1 }) === 1), call);
      return ok();
    },
  },
  {
    name: '+BLEKEYREPLY', group: 'ble',
    set: (call) => {
      counted(call, 2, 2);
      const bluetooth = started(call);
      demand(bluetooth.pairings.reply(linkAt(call, bluetooth), call.args.int(1, { min: 0, max: 999_999 }), false), call);
      return ok();
    },
  },
  {
    name: '+BLECONFREPLY', group: 'ble',
    set: (call) => {
      counted(call, 2, 2);
      const bluetooth = started(call);
      demand(bluetooth.pairings.reply(linkAt(call, bluetooth), call.args.int(1, { min: 0, max: 1 }), true), call);
      return ok();
    },
  },
  {
    name: '+BLEENCDEV', group: 'ble',
    query: (call) => {
      for (const [index, address] of started(call).pairings.bonds.entries()) call.print(`${call.name}:${index},${shownMac(call, address)}\r\n`);
      return ok();
    },
  },
  {
    name: '+BLEENCCLEAR', group: 'ble',
    set: (call) => {
      counted(call, 1, 1);
      const { pairings } = started(call);
      const index = call.args.int(0, { min: 0 });
      demand(index < pairings.bonds.length, call);
      pairings.bonds = pairings.bonds.filter((_, at) => at !== index);
      return ok();
    },
    execute: (call) => {
      started(call).pairings.bonds = [];
      return ok();
    },
  },
  {
    name: '+BLESETKEY', group: 'ble',
    query: (call) => {
      call.print(`${call.name}:${started(call).staticKey ?? -1}${end(call.device.profile.release)}`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      started(call).staticKey = call.args.int(0, { min: 0, max: 999_999 });
      return ok();
    },
  },
];
