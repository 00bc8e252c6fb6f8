import { asyncScheduler, Observable, ReplaySubject, type Subscriber } from 'rxjs';
import type { Connection, Transport } from '../../lib/transport.js';
import type { Timing } from './board.js';
import { AirMedium } from './ble/air.js';
import { bluetoothMac } from './ble/radio.js';
import type { AudioEvent } from './bt/audioEvent.js';
import { classicOf } from './bt/classicAir.js';
import type { EmulatorConfig } from './emulatorConfig.js';
import { EmulatorError } from './emulatorError.js';
import { EscapeWatch } from './escapeWatch.js';
import { Faults } from './faults.js';
import { textOf } from './format.js';
import { HostLine } from './hostLine.js';
import { Life } from './life.js';
import { machine } from './machine.js';
import { noBroker, noWeb } from './network/noApplications.js';
import { nowhere } from './network/nowhere.js';
import { emulatedReleases, profiles } from './profiles/index.js';
import { seededRandom } from './random.js';
import { factorySettings, type NvsStore } from './settings.js';
import { Uart } from './uart.js';
import type { Violation } from './violation.js';
import { World } from './wifi/world.js';

/** An emulated module: a transport to it, and the strings to pull. */
export interface Emulator extends Transport {
  /**
   * Cold. Subscribing connects the host to the module's UART and emits one connection; a second host at the same time errors `transport`/`open`.
   * Unsubscribing disconnects the host, and completes `incoming`; the module goes on running, and what it prints then is lost.
   */
  open(): Observable<Connection>;
  /** Hot, the last 256 replayed: what hosts did against the protocol. Never completes. */
  readonly violations: Observable<Violation>;
  /** Access points and visitors around the module. */
  readonly world: World;
  /** Faults to inject. */
  readonly faults: Faults;
  /** The flash. */
  readonly store: NvsStore;
  /** Hot: what A2DP does and hears, over all restarts. Never completes. */
  readonly audio: Observable<AudioEvent>;
  /** Bytes over the line since the start. */
  readonly traffic: { readonly toModule: number; readonly toHost: number };
  /** As the reset pin: links and volatile settings are gone, `ready` follows. */
  reset(): void;
}

const usualTiming: Timing = { command: 1, boot: 300, join: 120, dhcp: 80, scan: 20, announce: 2 };

/** Makes a module. Nothing runs, and no timer is set, before the first `open()`. */
export const emulator = (config: EmulatorConfig = {}): Emulator => {
  const scheduler = config.scheduler ?? asyncScheduler;
  const base = profiles[config.firmware ?? emulatedReleases[config.dialect ?? 'v4'][0]];
  const groups = new Set([...base.groups, ...(config.including ?? [])].filter((group) => !config.without?.includes(group)));
  const profile = { ...base, groups };
  const random = seededRandom(config.seed ?? 1);
  const store = config.store ?? {};
  const air = config.air instanceof AirMedium ? config.air : new AirMedium({ scheduler });
  const radio = air.radio(config.bleMac ?? bluetoothMac(config.staMac ?? '10:01:00:c4:0a:24'), config.place ?? { x: 0, y: 0 });
  const classicAir = classicOf(air);
  const classic = { air: classicAir, radio: classicAir.radio(radio, config.simplePairing ?? true) };
  const world = new World(config.accessPoints ?? [{ ssid: 'Espressif' }]);
  const faults = new Faults();
  const violations = new ReplaySubject<Violation>(256);
  const violation = (kind: Violation['kind'], text: string): void => violations.next({ kind, at: scheduler.now(), text: text.slice(0, 64) });
  const uart = new Uart({
    scheduler,
    random,
    baud: config.baud,
    chunk: config.chunk,
    written: (bytes) => escapes.wrote(bytes),
    received: (bytes) => receive(bytes),
    mismatch: () => violation('baud', ''),
    overrun: (bytes) => violation('overrun', textOf(bytes.subarray(0, 64))),
  });
  const chip = machine({
    profile, scheduler, random, uart, world, faults, violation,
    timing: { ...usualTiming, ...config.timing },
    network: config.network ?? nowhere,
    ports: { mqtt: config.mqtt ?? noBroker, http: config.http ?? noWeb, flash: store, radio, gatt: config.gatt, classic },
    factory: () => factorySettings(profile, config.staMac ?? '10:01:00:c4:0a:24', config.apMac ?? '10:01:00:c4:0a:25', config.baud ?? 115200),
    sharedLog: config.sharedLog ?? false,
    bootLog: config.bootLog ?? false,
    updates: config.updates,
  });
  const escapes = new EscapeWatch(chip.passage, uart, new Life(scheduler), violation);
  const receive = (bytes: Uint8Array): void => {
    escapes.arriving(bytes);
    chip.receive(bytes);
  };
  let powered = false;
  let host: Subscriber<Connection> | undefined;

  const open = (): Observable<Connection> =>
    new Observable<Connection>((subscriber) => {
      if (host) {
        subscriber.error(new EmulatorError('transport', 'open', 'another host is connected', 'safe'));
        return undefined;
      }
      host = subscriber;
      const line = new HostLine(uart, scheduler);
      uart.attach((bytes) => line.deliver(bytes));
      if (!powered) {
        powered = true;
        chip.boot(config.powerOn !== 'now');
      }
      subscriber.next(line.connection);
      return () => {
        host = undefined;
        uart.attach(undefined);
        uart.holdOutput(false);
        line.close();
      };
    });

  return {
    open,
    violations: violations.asObservable(),
    world,
    faults,
    store,
    audio: classic.radio.audio,
    get traffic() {
      return { toModule: uart.bytesIn, toHost: uart.bytesOut };
    },
    reset() {
      powered = true;
      chip.boot(false);
    },
  };
};
