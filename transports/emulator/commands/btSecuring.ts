import type { Question } from '../bt/classic.js';
import type { Call, Row } from '../device.js';
import { ok, type Outcome } from '../outcome.js';
import { shownMac } from './bleShared.js';
import { classicOn, onlyConnection } from './btShared.js';
import { counted, demand } from './shared.js';

/** Answers a question of the pairing under way. */
const replied = (call: Call, kind: Question, value: () => string): Outcome => {
  counted(call, 2, 2);
  const classic = classicOn(call);
  onlyConnection(call);
  demand(classic.reply(kind, value()), call);
  return ok();
};

export const btSecuring: readonly Row[] = [
  {
    name: '+BTSECPARAM', group: 'bt',
    query: (call) => {
      const { capability, pin } = classicOn(call).security;
      call.print(`${call.name}:${capability},${pin === undefined ? 0 : 1},${pin ?? ''}\r\n`);
      return ok();
    },
    set: (call) => {
      const { args } = call;
      counted(call, 2, 3);
      const classic = classicOn(call);
      const capability = args.int(0, { min: 0, max: 3 });
      const fixed = args.int(1, { min: 0, max: 1 }) === 1;
      // Document 000: the PIN of a variable one is ignored.
      const pin = fixed ? args.text(2, { min: 1, max: 16 }) : args.maybeText(2, undefined, { max: 16 });
      classic.security = { capability, pin: fixed ? pin : undefined };
      return ok();
    },
  },
  { name: '+BTKEYREPLY', group: 'bt', set: (call) => replied(call, 'key', () => `${call.args.int(1, { min: 0, max: 999_999 })}`) },
  { name: '+BTPINREPLY', group: 'bt', set: (call) => replied(call, 'pin', () => call.args.text(1, { min: 1, max: 16 })) },
  { name: '+BTSECCFM', group: 'bt', set: (call) => replied(call, 'confirm', () => `${call.args.int(1, { min: 0, max: 1 })}`) },
  {
    name: '+BTENCDEV', group: 'bt',
    query: (call) => {
      const rows = classicOn(call).bonds.map(({ address }, index) => `${call.name}:${index},${shownMac(call, address)}`);
      // The last line has an end of its own since 4.1.
      call.print(rows.join('\r\n') + (rows.length > 0 && call.device.profile.release >= 41 ? '\r\n' : ''));
      return ok();
    },
  },
  {
    name: '+BTENCCLEAR', group: 'bt',
    set: (call) => {
      counted(call, 1, 1);
      const classic = classicOn(call);
      const index = call.args.int(0, { min: 0 });
      demand(index < classic.bonds.length, call);
      classic.bonds = classic.bonds.filter((_, at) => at !== index);
      return ok();
    },
    execute: (call) => {
      classicOn(call).bonds = [];
      return ok();
    },
  },
];
