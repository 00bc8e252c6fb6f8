import type { SchedulerLike } from 'rxjs';
import type { Air } from './ble/air.js';
import type { GattTableService } from './ble/gattTable.js';
import type { Place } from './ble/radio.js';
import type { Timing } from './board.js';
import type { HttpClientPort } from './network/httpClient.js';
import type { MqttClientPort } from './network/mqttClient.js';
import type { Network } from './network/network.js';
import type { CommandGroup, DialectName, FirmwareVersion } from './profiles/profile.js';
import type { Random } from './random.js';
import type { NvsStore } from './settings.js';
import type { UpdateConfig } from './updates.js';
import type { AccessPoint } from './wifi/world.js';

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
