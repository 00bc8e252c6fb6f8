import { map, Observable } from 'rxjs';
import type { Classic } from '../bt/classic.js';
import type { Need } from '../bt/peer.js';
import { SppRaw, type Spp, type SppRole } from '../bt/spp.js';
import type { SppConnection } from '../bt/sppConnection.js';
import type { Call, Row } from '../device.js';
import { error, ok, type Outcome } from '../outcome.js';
import { Refusal } from '../refusal.js';
import { collect } from '../tcpip/collect.js';
import { classicOn, onlyConnection } from './btShared.js';
import { counted, demand } from './shared.js';

const open: Need = { bonded: false, authenticated: false, digits: 0, modern: false };
const bonded: Need = { ...open, bonded: true };
const guarded: Need = { ...bonded, authenticated: true };

/** Security modes: 0x36 is of later documents, which no longer have 0x12, 0x24 and 0x40. */
const modes: ReadonlyMap<number, Need> = new Map([
  [0, open], [0x01, open], [0x12, bonded], [0x24, bonded], [0x36, bonded], [0x40, { ...guarded, modern: true }], [0x3000, guarded], [0x4000, { ...guarded, digits: 16 }],
]);

/** The profile in this role. */
const spp = (call: Call, role?: SppRole): Spp => {
  const found = classicOn(call).spp;
  demand(found.role !== 0 && (role === undefined || found.role === role), call);
  return found;
};

const connected = (call: Call): SppConnection => {
  const { connection } = spp(call);
  if (!connection) throw new Refusal();
  return connection;
};

/** The OK of an attempt that may have questions on the way: after its outcome, or before its first question, which could not be answered otherwise. */
const conversing = ({ device }: Call, classic: Classic, attempt: Observable<boolean>, said: (made: boolean) => void): Observable<Outcome> =>
  new Observable((subscriber) => {
    const end = (outcome: Outcome): void => {
      subscriber.next(outcome);
      subscriber.complete();
    };
    subscriber.add(device.follow(classic.asking, () => end(ok())));
    device.follow(attempt, (made) => {
      said(made);
      end(made ? ok() : error());
    });
  });

export const btSpp: readonly Row[] = [
  {
    name: '+BTSPPINIT', group: 'bt',
    query: (call) => {
      call.print(`${call.name}:${call.device.applications.classic.spp.role === 0 ? 0 : 1}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 1, 1);
      const { spp: profile } = classicOn(call);
      const role = call.args.int(0, { min: 0, max: 2 }) as SppRole;
      if (role === 0) return ok(() => profile.stop());
      demand(profile.role === 0 || profile.role === role, call);
      profile.role = role;
      return ok();
    },
  },
  {
    name: '+BTSPPCONN', group: 'bt',
    query: (call) => {
      const { connection } = call.device.applications.classic.spp;
      call.print(`${call.name}:${connection ? `0,"${connection.address}"` : '-1'}\r\n`);
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 3, 3);
      const profile = spp(call, 1);
      onlyConnection(call);
      const need = modes.get(args.int(1));
      const address = args.mac(2);
      demand(need !== undefined && !profile.busy, call);
      const attempt = profile.connect(address, need ?? open);
      const said = (made: boolean): void => device.say(`+BTSPPCONN:${made ? `0,"${address}"` : '-1'}\r\n`);
      // Up to 2.1 the OK says that the command was taken; since 2.2 it follows the outcome.
      if (device.profile.release < 22) return ok(() => device.follow(attempt, said));
      return conversing(call, device.applications.classic, attempt, said);
    },
  },
  {
    name: '+BTSPPDISCONN', group: 'bt',
    set: (call) => {
      counted(call, 1, 1);
      onlyConnection(call);
      const connection = connected(call);
      if (call.device.profile.release < 22) return ok(() => connection.close());
      connection.close();
      return connection.ended.pipe(map(() => ok()));
    },
  },
  {
    name: '+BTSPPSEND', group: 'bt',
    set: (call) => {
      const { args, device } = call;
      counted(call, 2, 2);
      onlyConnection(call);
      const connection = connected(call);
      const phase = collect(device, args.int(1, { min: 1, max: 0x7fff }), (bytes) => connection.write(bytes).pipe(map((good) => (good ? ok() : error()))));
      return { kind: 'prompt', bare: true, ...phase };
    },
    execute: (call) => {
      connected(call);
      const { device } = call;
      return device.passthrough((left) => new SppRaw(device.applications.classic.spp, device, left));
    },
  },
  {
    name: '+BTSPPSTART', group: 'bt',
    execute: (call) => {
      spp(call, 2).serving = true;
      return ok();
    },
  },
];
