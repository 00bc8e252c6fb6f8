import { type Observable, VirtualTimeScheduler } from 'rxjs';
import { type AtModule, openModule } from '../../lib/index.js';
import * as commands from '../../lib/commands/ble.js';
import type { Transport } from '../../lib/transport.js';
import { type Air, createAir, type Emulator, emulator, type EmulatorConfig, type FirmwareVersion } from '../../transports/emulator/index.js';
import { observed } from '../support/joinedModule.js';

/** A module of an air, opened through the SDK. */
export interface BleModule {
  readonly board: Emulator;
  readonly at: AtModule;
  /** What was sent to it, line by line, since it was opened. */
  readonly sent: string[];
  readonly trace: string[];
  readonly violations: string[];
  close(): void;
}

/** Modules that share an air, in virtual time. */
export interface BleWorld {
  readonly scheduler: VirtualTimeScheduler;
  readonly air: Air;
  module(config?: EmulatorConfig, transport?: (module: Transport) => Transport): BleModule;
  run(ms?: number): void;
}

export const serverMac = '24:0a:c4:03:f4:d6';
export const clientMac = '24:0a:c4:09:34:23';
export const dialects: readonly FirmwareVersion[] = ['2.1.0', '4.1.0'];
export const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (character) => character.charCodeAt(0));
export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');

/** Nothing happens before `run`. */
export const bleWorld = (firmware: FirmwareVersion): BleWorld => {
  const scheduler = new VirtualTimeScheduler(undefined, Infinity);
  const air = createAir({ scheduler });
  const run = (ms = 2000): void => {
    scheduler.schedule(() => undefined, ms);
    scheduler.maxFrames = scheduler.frame + ms;
    scheduler.flush();
  };
  return {
    scheduler,
    air,
    run,
    module: (config = {}, transport = (same) => same) => {
      const board = emulator({ firmware, air, scheduler, ...config });
      const [sent, trace, violations]: string[][] = [[], [], []];
      board.violations.subscribe(({ kind, text }) => violations?.push(`${kind} ${text}`));
      const seen = observed(
        openModule(transport(board), {
          scheduler,
          trace: {
            next: ({ dir, text }) => {
              trace?.push(text);
              if (dir === 'tx') sent?.push(text);
            },
          },
        }),
      );
      run(5000);
      const [at] = seen.values;
      if (at === undefined) throw new Error(`the module did not open: ${String(seen.error)}`);
      if (sent !== undefined) sent.length = 0;
      return { board, at, sent: sent ?? [], trace: trace ?? [], violations: violations ?? [], close: () => seen.leave() };
    },
  };
};

/** Commands one by one, as a host without the SDK's features does them; each has to end well within a second. */
export const done = (world: BleWorld, { at }: BleModule, ...steps: readonly ((at: AtModule) => Observable<unknown>)[]): void => {
  for (const step of steps) {
    const seen = observed(step(at));
    // In 2.1 the OK of a connection comes before it.
    world.run(1000);
    expect([seen.completed, seen.error]).toEqual([true, undefined]);
  }
};

/** A client's steps. */
export const steps = {
  client: (at: AtModule): Observable<unknown> => at.exec(commands.init, { role: 'client' }),
  join: (at: AtModule): Observable<unknown> => at.exec(commands.connect, { connection: 0, address: serverMac }),
  services: (at: AtModule): Observable<unknown> => at.exec(commands.services, { connection: 0 }),
  characteristics: (at: AtModule): Observable<unknown> => at.exec(commands.characteristics, { connection: 0, service: 3 }),
  leave: (at: AtModule): Observable<unknown> => at.exec(commands.disconnect, { connection: 0 }),
  write: (characteristic: number, value: string, descriptor?: number) => (at: AtModule): Observable<unknown> => {
    const place = { connection: 0, service: 3, characteristic, ...(descriptor === undefined ? {} : { descriptor }) };
    return at.exec(commands.write, { ...place, length: value.length }, { data: bytesOf(value) });
  },
} as const;

/** Their lines are in order: a query is answered, and nothing was done against the protocol. */
export const synchronised = (world: BleWorld, ...modules: readonly BleModule[]): void => {
  for (const { at, violations } of modules) {
    const seen = observed(at.exec(commands.addressQuery));
    world.run(500);
    expect([seen.values.length, violations]).toEqual([1, []]);
  }
};
