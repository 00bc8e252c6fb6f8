import { filter, mergeMap, type Observable, take, VirtualTimeScheduler } from 'rxjs';
import { type AtModule, type ModuleConfig, openModule, station } from '../../lib/index.js';
import type { Transport } from '../../lib/transport.js';
import { type Emulator, emulator, type EmulatorConfig } from '../../transports/emulator/index.js';
import { inMemoryNetwork, type InMemoryNetwork, type InMemoryNetworkConfig } from '../../transports/emulator/network/index.js';

/** A module and its surroundings in virtual time: nothing happens before `run`. */
export interface VirtualModule {
  readonly scheduler: VirtualTimeScheduler;
  readonly module: Emulator;
  readonly network: InMemoryNetwork;
  /** The opened module, joined to the open access point. Cold. */
  readonly joined: Observable<AtModule>;
  /** Lets time pass until nothing is left to do, or `limit` ms have passed; returns the virtual time. */
  run(limit?: number): number;
  /** Timers that are still set. */
  readonly timers: number;
}

export interface VirtualModuleConfig {
  readonly emulator?: EmulatorConfig;
  readonly network?: InMemoryNetworkConfig;
  readonly module?: ModuleConfig;
  /** Stands between host and module. */
  readonly transport?: (module: Transport) => Transport;
}

/** A module whose every clock is virtual. */
export const virtualModule = (config: VirtualModuleConfig = {}): VirtualModule => {
  const scheduler = new VirtualTimeScheduler(undefined, Infinity);
  const network = inMemoryNetwork({ ...config.network, scheduler });
  const module = emulator({ network, ...config.emulator, scheduler });
  const joined = openModule(config.transport?.(module) ?? module, { ...config.module, scheduler }).pipe(
    mergeMap((opened) =>
      station(opened, { ssid: 'Espressif', password: '' }).pipe(
        filter(({ state }) => state === 'got-ip'),
        take(1),
        mergeMap(() => [opened]),
      ),
    ),
  );
  return {
    scheduler,
    module,
    network,
    joined,
    run: (limit = Infinity) => {
      scheduler.maxFrames = scheduler.frame + limit;
      scheduler.flush();
      return scheduler.frame;
    },
    get timers() {
      return scheduler.actions.length;
    },
  };
};

/** A seeded source of numbers in [0, 1). */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

