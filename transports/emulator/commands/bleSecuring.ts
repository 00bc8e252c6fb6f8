import type { Pairing } from '../ble/pairing.js';
import type { BleLink } from '../ble/peer.js';
import type { Call, Handler, Row } from '../device.js';
import { ok } from '../outcome.js';
import { linkAt, shownMac, started } from './bleShared.js';
import { counted, demand } from './shared.js';

/** 2.0 to 4.0 end these answers with LF alone. */
const end = (release: number): string => (release >= 20 && release <= 40 ? '\n' : '\r\n');

/** The connection of a command of two parameters, and the number beside it, from 0. */
const linkAndNumber = (call: Call, max: number): { readonly pairings: Pairing; readonly link: BleLink; readonly value: number } => {
  counted(call, 2, 2);
  const bluetooth = started(call);
  const link = linkAt(call, bluetooth);
  return { pairings: bluetooth.pairings, link, value: call.args.int(1, { min: 0, max }) };
};

/** A reply to what the pairing of a connection has asked; refused where it asked no such thing. */
const reply = (max: number, give: (pairings: Pairing, link: BleLink, value: number) => boolean): Handler =>
  (call) => {
    const { pairings, link, value } = linkAndNumber(call, max);
    demand(give(pairings, link, value), call);
    return ok();
  };

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
      const { pairings, link, value: action } = linkAndNumber(call, 3);
      return ok(() => (action === 0 ? undefined : pairings.ask(link, action === 3)));
    },
  },
  { name: '+BLEENCRSP', group: 'ble', set: reply(1, (pairings, link, value) => pairings.answer(link, value === 1)) },
  { name: '+BLEKEYREPLY', group: 'ble', set: reply(999_999, (pairings, link, value) => pairings.reply(link, value, false)) },
  { name: '+BLECONFREPLY', group: 'ble', set: reply(1, (pairings, link, value) => pairings.reply(link, value, true)) },
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
