import type { Observable } from 'rxjs';
import { bt, type SppConnectConfig, type SppListenConfig, type SppSocket } from '../../lib/index.js';
import * as commands from '../../lib/commands/bt.js';
import type { EmulatorConfig, FirmwareVersion } from '../../transports/emulator/index.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { bleWorld, type BleModule, type BleWorld } from './bleHarness.js';

export const masterMac = '24:0a:c4:09:34:23';
export const slaveMac = '24:0a:c4:d6:e4:46';

/** Two modules of an air behind their SDKs. */
export interface BtWorld extends BleWorld {
  readonly master: BleModule;
  readonly slave: BleModule;
}

export const btWorld = (firmware: FirmwareVersion, config: EmulatorConfig = {}): BtWorld => {
  const world = bleWorld(firmware);
  return { ...world, master: world.module({ ...config, bleMac: masterMac }), slave: world.module({ ...config, bleMac: slaveMac, seed: 2 }) };
};

/** A line is in order: a query is answered, and nothing was done against the protocol. */
export const synchronised = (world: BleWorld, ...modules: readonly BleModule[]): void => {
  for (const { at, violations } of modules) {
    const seen = observed(at.exec(commands.nameQuery));
    world.run(500);
    expect([seen.values.length, seen.error, violations]).toEqual([1, undefined, []]);
  }
};

/** Something that ends by itself, well within a time. */
export const ended = <T>(world: BleWorld, source: Observable<T>, ms = 1000): readonly T[] => {
  const seen = observed(source);
  world.run(ms);
  expect([seen.completed, seen.error]).toEqual([true, undefined]);
  return seen.values;
};

export interface Lines extends BtWorld {
  /** What the slave and the master did. */
  readonly waiting: Observed<SppSocket>;
  readonly connecting: Observed<SppSocket>;
}

/** A slave that waits, and a master that was told to connect; nothing has come of it yet. */
export const calling = (world: BtWorld, settings: SppListenConfig = {}, ways: Omit<SppConnectConfig, 'address'> = {}): Lines => {
  const waiting = observed(bt.spp.listen(world.slave.at, settings));
  world.run(1000);
  expect(waiting.error).toBe(undefined);
  const connecting = observed(bt.spp.connect(world.master.at, { address: slaveMac, ...ways }));
  return { ...world, waiting, connecting };
};

export interface Joined extends Lines {
  readonly here: SppSocket;
  readonly there: SppSocket;
}

/** The same, connected. */
export const joined = (world: BtWorld, settings: SppListenConfig = {}, ways: Omit<SppConnectConfig, 'address'> = {}): Joined => {
  const lines = calling(world, settings, ways);
  world.run(3000);
  const [[here], [there]] = [lines.connecting.values, lines.waiting.values];
  if (here === undefined || there === undefined) throw new Error(`no connection: ${String(lines.connecting.error ?? lines.waiting.error)}`);
  return { ...lines, here, there };
};
