import type { AudioControl } from '../bt/audioEvent.js';
import type { A2dp } from '../bt/a2dp.js';
import type { A2dpRole } from '../bt/peer.js';
import type { Call, Row } from '../device.js';
import { ok } from '../outcome.js';
import { Refusal } from '../refusal.js';
import { classicOn, onlyConnection } from './btShared.js';
import { counted, demand } from './shared.js';

const roles: readonly A2dpRole[] = ['source', 'sink'];
const sinkControls: readonly AudioControl[] = ['stop', 'play', 'forward', 'backward', 'fast-forward', 'fast-forward-stop'];
const sourceControls = ['stop', 'play', 'suspend'] as const;

/** The profile in this role. */
const a2dp = (call: Call, role?: A2dpRole): A2dp => {
  const found = classicOn(call).a2dp;
  demand(found.role !== undefined && (role === undefined || found.role === role), call);
  return found;
};

const connected = (call: Call): A2dp => {
  onlyConnection(call);
  const found = a2dp(call);
  demand(found.connection !== undefined, call);
  return found;
};

/** The type of what a URL names: what stands behind its last dot. */
const typeOf = (url: string): string | undefined => /^(?:https?|flash):\/\/[^/]+\/.*\.([^./?]+)(?:\?.*)?$/i.exec(url)?.[1]?.toLowerCase();

export const btA2dp: readonly Row[] = [
  {
    name: '+BTA2DPINIT', group: 'bt',
    query: (call) => {
      call.print(`${call.name}:${call.device.applications.classic.a2dp.role === undefined ? 0 : 1}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 2, 2);
      const profile = classicOn(call).a2dp;
      const role = roles[call.args.int(0, { min: 0, max: 1 })] as A2dpRole;
      const on = call.args.int(1, { min: 0, max: 1 }) === 1;
      // One role at a time.
      demand(profile.role === undefined || profile.role === role, call);
      if (!on) return ok(() => profile.stop());
      profile.start(role);
      return ok();
    },
  },
  {
    name: '+BTA2DPCONN', group: 'bt',
    query: (call) => {
      const { connection } = call.device.applications.classic.a2dp;
      call.print(`${call.name}:${connection === undefined ? '-1' : `0,"${connection}"`}\r\n`);
      return ok();
    },
    set: (call) => {
      const { args, device } = call;
      counted(call, 2, 2);
      const profile = a2dp(call);
      onlyConnection(call);
      const address = args.mac(1);
      demand(!profile.busy, call);
      return ok(() => device.follow(profile.connect(address), (made) => {
        if (!made) device.say(`+BTA2DPCONN:${device.profile.release < 22 ? '-1' : '0,-1'}\r\n`);
      }));
    },
  },
  {
    name: '+BTA2DPDISCONN', group: 'bt',
    set: (call) => {
      counted(call, 1, 1);
      const profile = connected(call);
      return ok(() => profile.disconnect());
    },
  },
  {
    name: '+BTA2DPSRC', group: 'bt',
    query: (call) => {
      const { url } = a2dp(call, 'source');
      call.print(`${call.name}:${url === undefined ? 'NULL,NULL' : `${url},${typeOf(url) ?? ''}`}\r\n`);
      return ok();
    },
    set: (call) => {
      counted(call, 2, 2);
      const profile = a2dp(call, 'source');
      onlyConnection(call);
      const url = call.args.text(1, { min: 1 });
      // Document 000: only MP3.
      demand(typeOf(url) === 'mp3', call);
      profile.url = url;
      return ok();
    },
  },
  {
    name: '+BTA2DPCTRL', group: 'bt',
    set: (call) => {
      counted(call, 2, 2);
      const profile = connected(call);
      const number = call.args.int(1, { min: 0, max: 5 });
      if (profile.role === 'sink') {
        const control = sinkControls[number] ?? 'stop';
        return ok(() => profile.remotely(control));
      }
      const control = sourceControls[number];
      if (control === undefined || !profile.direct(control)) throw new Refusal();
      return ok();
    },
  },
];
