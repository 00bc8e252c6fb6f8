import type { SchedulerLike } from 'rxjs';
import { createAir, emulator, type Air, type EmulatorConfig } from 'rx-esp-at/emulator';
import type { Connection } from '../../../lib/transport.js';
import { type Case, type Rig, wireBytes, wireText } from '../../support/enumeration.js';

/** The address of the other module. */
export const peerAddress = '24:0a:c4:03:f4:d6';

/** Another module in the same air, driven by raw lines. */
class Peer {
  heard = '';
  private connection: Connection | undefined;

  constructor(scheduler: SchedulerLike, air: Air) {
    emulator({ scheduler, air, bleMac: peerAddress, seed: 3 }).open().subscribe((connection) => {
      this.connection = connection;
      connection.incoming.subscribe((bytes) => (this.heard += wireText(bytes)));
    });
  }

  /** Writes bytes; what is heard from now on stands in `heard`. */
  write(text: string): void {
    this.heard = '';
    this.connection?.write(wireBytes(text)).subscribe();
  }
}

/** The peer of the case that runs, and the air it shares with the module. */
export let peer: Peer;
export let air: Air;

/** The module has company in its air. */
export const company: Partial<Case> = {
  emulator: (scheduler): EmulatorConfig => {
    air = createAir({ scheduler });
    peer = new Peer(scheduler, air);
    return { air, bleMac: '24:0a:c4:09:34:23' };
  },
};

/** Lets the peer run lines. */
export const drive = (rig: Rig, ...lines: readonly string[]): void => {
  for (const line of lines) {
    peer.write(`${line}\r\n`);
    rig.wait(1000);
    if (!/\r\nOK\r\n/.test(peer.heard)) throw new Error(`${line}: ${peer.heard}`);
  }
};

const serving = ['AT+BLEINIT=2', 'AT+BLEGATTSSRVCRE', 'AT+BLEGATTSSRVSTART', 'AT+BLEADVSTART'] as const;

const own = (rig: Rig, ...lines: readonly string[]): void => {
  for (const line of lines) {
    rig.wire(line, 1000);
    if (!/OK\r\n/.test(rig.printed)) throw new Error(`${line}: ${rig.printed}`);
  }
};

/** The module is a client, and the peer a server that advertises. */
export const beside: Partial<Case> = { ...company, given: ['AT+BLEINIT=1'], before: (rig) => drive(rig, ...serving) };

const asClient = (rig: Rig, ...more: readonly string[]): void => {
  drive(rig, ...serving);
  own(rig, 'AT+BLEINIT=1', `AT+BLECONN=0,"${peerAddress}"`, ...more);
};

/** The module is a client of the peer. */
export const client: Partial<Case> = { ...company, before: (rig) => asClient(rig) };
/** The same, and it has found the peer's services. */
export const found: Partial<Case> = { ...company, before: (rig) => asClient(rig, 'AT+BLEGATTCPRIMSRV=0', 'AT+BLEGATTCCHAR=0,3') };

const asServer = (rig: Rig): void => {
  own(rig, ...serving);
  drive(rig, 'AT+BLEINIT=1', 'AT+BLECONN=0,"24:0a:c4:09:34:23"', 'AT+BLEGATTCPRIMSRV=0', 'AT+BLEGATTCCHAR=0,3');
};

/** The module is a server and the peer its client, who has switched characteristics 6 and 7 on. */
export const server: Partial<Case> = {
  ...company,
  before: (rig) => {
    asServer(rig);
    for (const [line, value] of [['AT+BLEGATTCWR=0,3,6,1,2', '\x01\0'], ['AT+BLEGATTCWR=0,3,7,1,2', '\x02\0']] as const) {
      peer.write(`${line}\r\n`);
      rig.wait(200);
      peer.write(value);
      rig.wait(500);
    }
  },
};
