import { asyncScheduler, Observable, ReplaySubject, type SchedulerLike, type Subscriber } from 'rxjs';
import type { Connection, Transport } from '../../lib/transport.js';
import type { Timing } from './board.js';
import { AirMedium, type Air } from './ble/air.js';
import type { GattTableService } from './ble/gattTable.js';
import { bluetoothMac, type Place } from './ble/radio.js';
import type { AudioEvent } from './bt/audioEvent.js';
import { classicOf } from './bt/classicAir.js';
import { EmulatorError } from './emulatorError.js';
import { EscapeWatch } from './escapeWatch.js';
import { Faults } from './faults.js';
import { textOf } from './format.js';
import { HostLine } from './hostLine.js';
import { Life } from './life.js';
import { Machine } from './machine.js';
import type { HttpClientPort } from './network/httpClient.js';
import type { MqttClientPort } from './network/mqttClient.js';
import type { Network } from './network/network.js';
import { noBroker, noWeb } from './network/noApplications.js';
import { nowhere } from './network/nowhere.js';
import { emulatedReleases, profiles } from './profiles/index.js';
import type { CommandGroup, DialectName, FirmwareVersion } from './profiles/profile.js';
import { seededRandom, type Random } from './random.js';
import { factorySettings, type NvsStore } from './settings.js';
import { Uart } from './uart.js';
import type { UpdateConfig } from './updates.js';
import type { Violation } from './violation.js';
import { World, type AccessPoint } from './wifi/world.js';

/** How an emulated module is made. Everything has a default: `emulator()` is an ESP32 with AT 4.1 and one open access point in range. */
export interface EmulatorConfig {
  /** Release to behave as. Default: the first of `emulatedReleases` for the dialect. */
  readonly firmware?: FirmwareVersion;
  /** Base dialect; picks the release where none is named. Default `v4`. */
  readonly dialect?: DialectName;
  /** Command groups the build lacks: their commands answer 0x01090000. Default: none. */
  readonly without?: readonly CommandGroup[];
  /** Command groups the build has beyond the release's own, e.g. `vendor`. */
  readonly including?: readonly CommandGroup[];
  /** Bits per second on both sides: every byte takes 10 bits of line time. Default: not paced. */
  readonly baud?: number;
  /** Largest chunk the host gets, in bytes, or a function of a random source that gives the next one's. */
  readonly chunk?: number | ((random: Random) => number);
  /** Seed of everything random. Default 1. */
  readonly seed?: number;
  /** What the radio hears. Default: one open access point `Espressif` on channel 5. */
  readonly accessPoints?: readonly AccessPoint[];
  /** The internet. Default: nothing is reachable. */
  readonly network?: Network;
  /** The brokers that AT+MQTTCONN reaches. Default: none. */
  readonly mqtt?: MqttClientPort;
  /** The web servers that AT+HTTP… reaches. Default: none. */
  readonly http?: HttpClientPort;
  /** The Bluetooth, LE and classic, that the module shares with others: `createAir`, with the same scheduler. Default: an air of its own. */
  readonly air?: Air;
  /** Public Bluetooth address. Default: two above `staMac`; the next free one where the air has it already. */
  readonly bleMac?: string;
  /** The GATT services that AT+BLEGATTSSRVCRE creates. Default: 0xA002 with 0xC300 to 0xC306, as in the example of document 000. */
  readonly gatt?: readonly GattTableService[];
  /** Where the module stands in the air, in metres. Default 0, 0. */
  readonly place?: Place;
  /** Classic Bluetooth pairs by Secure Simple Pairing. `false`: by PINs alone, as before Bluetooth 2.1. Default true. */
  readonly simplePairing?: boolean;
  /** All timers. Default `asyncScheduler`. */
  readonly scheduler?: SchedulerLike;
  /** The log UART shares the AT port: reason texts such as `ALREADY CONNECTED` appear there. Default false. */
  readonly sharedLog?: boolean;
  /** ROM and loader text is on the AT port while it boots. Default false. */
  readonly bootLog?: boolean;
  /** `before`: the module has long been running when the port is opened. `now`: it boots on the first open and says `ready`. Default `before`. */
  readonly powerOn?: 'now' | 'before';
  readonly staMac?: string;
  readonly apMac?: string;
  /** Flash: an object that outlives the emulator. Default: a fresh one, factory settings. */
  readonly store?: NvsStore;
  /** The update server. Default: AT+CIUPDATE finds none. */
  readonly updates?: UpdateConfig;
  /** How long things take; see `Timing`. */
  readonly timing?: Partial<Timing>;
}

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
  const machine = new Machine({
    profile, scheduler, random, uart, world, faults, violation,
    timing: { ...usualTiming, ...config.timing },
    network: config.network ?? nowhere,
    ports: { mqtt: config.mqtt ?? noBroker, http: config.http ?? noWeb, flash: store, radio, gatt: config.gatt, classic },
    factory: () => factorySettings(profile, config.staMac ?? '10:01:00:c4:0a:24', config.apMac ?? '10:01:00:c4:0a:25', config.baud ?? 115200),
    sharedLog: config.sharedLog ?? false,
    bootLog: config.bootLog ?? false,
    updates: config.updates,
  });
  const escapes = new EscapeWatch(machine, uart, new Life(scheduler), violation);
  const receive = (bytes: Uint8Array): void => {
    escapes.arriving(bytes);
    machine.intake.receive(bytes);
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
        machine.boot(config.powerOn !== 'now');
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
      machine.boot(false);
    },
  };
};
