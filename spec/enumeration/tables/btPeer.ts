import type { EmulatorConfig } from 'rx-esp-at/emulator';
import type { Case, Rig } from '../../support/enumeration.js';
import { company, drive, peer, peerAddress } from './blePeer.js';

/** The module's own address. */
export const ownAddress = '24:0a:c4:09:34:23';

const slave = ['AT+BTINIT=1', 'AT+BTSPPINIT=2', 'AT+BTSCANMODE=2', 'AT+BTSPPSTART'] as const;

/** Lets the module run lines beside the SDK. */
const own = (rig: Rig, ...lines: readonly string[]): void => {
  for (const line of lines) if (!/OK(\r\n|$)/.test(rig.wire(line, 2000))) throw new Error(`${line}: ${rig.printed}`);
};

/** The module is on and alone in reach of another. */
export const on: Partial<Case> = { ...company, given: ['AT+BTINIT=1'] };

/** The module is a master, and the peer a slave that waits; with these security parameters of both. */
export const master = (self = '3,0', other = '3,0'): Partial<Case> => ({
  ...company,
  given: ['AT+BTINIT=1', 'AT+BTSPPINIT=1', `AT+BTSECPARAM=${self}`],
  before: (rig) => drive(rig, ...slave, `AT+BTSECPARAM=${other}`),
});

/** The same, connected. */
export const connected: Partial<Case> = {
  ...master(),
  before: (rig) => {
    drive(rig, ...slave);
    own(rig, `AT+BTSPPCONN=0,0,"${peerAddress}"`);
    rig.wait(2000);
  },
};

/** The module is a slave, and the peer a master that connects in such a security mode: pairing has begun. */
export const asked = (self: string, other: string, simplePairing = true): Partial<Case> => ({
  emulator: (scheduler): EmulatorConfig => ({ ...(typeof company.emulator === 'function' ? company.emulator(scheduler) : {}), simplePairing }),
  before: (rig) => {
    own(rig, ...slave, `AT+BTSECPARAM=${self}`);
    drive(rig, 'AT+BTINIT=1', 'AT+BTSPPINIT=1', `AT+BTSECPARAM=${other}`);
    peer.write(`AT+BTSPPCONN=0,18,"${ownAddress}"\r\n`);
    rig.wait(2000);
  },
});

/** The module has a key of the peer. */
export const paired: Partial<Case> = {
  ...company,
  before: (rig) => {
    asked('3,0', '3,0').before?.(rig);
    rig.wait(1000);
  },
};

/** Module and peer in these A2DP roles: 0 source, 1 sink. */
export const audio = (self: 0 | 1): Partial<Case> => ({
  ...company,
  given: ['AT+BTINIT=1', `AT+BTA2DPINIT=${String(self)},1`],
  before: (rig) => drive(rig, 'AT+BTINIT=1', `AT+BTA2DPINIT=${String(1 - self)},1`, 'AT+BTSCANMODE=2'),
});

/** The same, connected. */
export const playing = (self: 0 | 1): Partial<Case> => ({
  ...audio(self),
  before: (rig) => {
    audio(self).before?.(rig);
    own(rig, `AT+BTA2DPCONN=0,"${peerAddress}"`);
    rig.wait(2000);
  },
});
