import { concat, defer, EMPTY, finalize, ignoreElements, map, mergeMap, type Observable, Subject, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import { type AtEvent, type EventDeclaration, ofEvent } from '../command/index.js';
import * as ble from '../commands/ble.js';
import * as events from '../events/events.js';
import type { AtModule } from '../module/atModule.js';
import { advertise, type AdvertiseByModule, type AdvertiseConfig, type AdvertiseHost, type AdvertiseState } from './advertise.js';
import type { AdvertiseFields } from './advertiseBytes.js';
import { duringRole, type RoleTime } from './duringRole.js';
import { findCharacteristic } from './findCharacteristic.js';
import { type PeripheralAddress, staticAddressFault } from './peripheralAddress.js';
import { followClients, type PeripheralClients, type PeripheralConnection, type Subscribed } from './peripheralClients.js';
import { type ServerCharacteristic, type ServerDescriptor, servedTable, type ServerService } from './peripheralTable.js';
import { tell, type TellOptions } from './peripheralTell.js';

/** What a peripheral is. */
export interface PeripheralConfig {
  /** The name a client reads, 1 to 32 bytes. Default: what the module has, which it keeps over restarts. */
  readonly name?: string;
  /** Default `public`. */
  readonly address?: PeripheralAddress;
}

/** A central has read a value; which one the firmware does not say. */
export interface PeripheralRead {
  readonly connection: number;
  readonly address: string;
}

/** A central has written a value. */
export interface PeripheralWrite {
  readonly connection: number;
  readonly characteristic: ServerCharacteristic;
  /** Absent where it is the characteristic's own value. */
  readonly descriptor?: ServerDescriptor;
  readonly data: Uint8Array;
}

/** A central has written its configuration of a characteristic: what it asks for from now on. */
export interface PeripheralSubscription extends Subscribed {
  readonly connection: number;
  readonly characteristic: ServerCharacteristic;
}

/** The module as a GATT server, from one start of the module to the next. */
export interface Peripheral {
  /** The address that it advertises; `undefined` for a private one. */
  readonly address: string | undefined;
  /** The table of the flashed services. */
  readonly services: readonly ServerService[];
  /**
   * The first characteristic of this UUID (`0xC305`, `c305`, 32 digits with or without dashes) in the first service of that one. Cold, sends nothing: emits it and completes.
   * Errors: `unsupported`/`attribute`.
   */
  characteristic(service: string, uuid: string): Observable<ServerCharacteristic>;
  /** Hot, replays the latest: who is connected. Completes with the peripheral. */
  readonly connections: Observable<readonly PeripheralConnection[]>;
  /** Hot. Completes with the peripheral. */
  readonly reads: Observable<PeripheralRead>;
  /** Hot: everything but configurations, which are `subscriptions`. Completes with the peripheral. */
  readonly writes: Observable<PeripheralWrite>;
  /** Hot. Completes with the peripheral. What a central asked for ends with its connection, without a word here. */
  readonly subscriptions: Observable<PeripheralSubscription>;
  /**
   * Cold. On subscribe: AT+BLEADVPARAM, [AT+BLESCANRSPDATA], AT+BLEADVDATA, AT+BLEADVSTART, or AT+BLEADVDATAEX with `byModule`. Emits `advertising` when it does, `stopped` when
   * a central has connected, and goes on by itself once fewer than `connections` are. Never completes; unsubscribing sends AT+BLEADVSTOP in the background.
   * Errors: `usage` before a byte is sent (`advert`: more than 31 bytes; `uuid`, a number out of its range, `second-advertiser`), `command`, `module` (reset),
   * `link`/`closed` with the peripheral. Document 000 §5.6 to §5.11.
   */
  advertise(data: AdvertiseFields | AdvertiseByModule | Uint8Array, config?: AdvertiseConfig): Observable<AdvertiseState>;
  /**
   * Cold. Sends AT+BLEGATTSNTFY to each central that has asked for it, emits nothing, completes when the module took it. Unsubscribing sends no further one. Errors:
   * `usage`/`length` (more than the MTU less 3), `unsupported`/`property` and `link` (`offline`, `not-subscribed`) before a byte is sent, `link`/`lost` for a central that left
   * meanwhile, `command`, `send`, `module`. Document 000 §5.20.
   */
  notify(characteristic: ServerCharacteristic, data: Uint8Array, options?: TellOptions): Observable<never>;
  /** As `notify`, with AT+BLEGATTSIND: completes when the central has confirmed. Document 000 §5.21. */
  indicate(characteristic: ServerCharacteristic, data: Uint8Array, options?: TellOptions): Observable<never>;
  /** Cold. Sets what centrals read (1 to 512 bytes), of the characteristic or of its descriptor; completes when the module took it. Errors: `usage`, `command`, `send`, `module`. Document 000 §5.22. */
  setValue(characteristic: ServerCharacteristic, data: Uint8Array, descriptor?: ServerDescriptor): Observable<never>;
}

type WriteFields = typeof events.bleWrite extends EventDeclaration<infer F> ? F : never;

/** UUID of the descriptor by which a client says what it wants. */
const configuration = '2902';
const held = new WeakSet<AtModule>();

/** AT+BLENAME, AT+BLEADDR as configured; then the address that is advertised. */
const identified = (module: AtModule, { name, address = 'public' }: PeripheralConfig): Observable<string | undefined> => {
  const own = address === 'public' ? EMPTY : defer(() => module.exec(ble.address, { type: 'random', ...(address === 'private' ? {} : { address: address.static }) }));
  const named = name === undefined ? EMPTY : defer(() => module.exec(ble.name, { name }));
  const shown = address === 'private' ? [undefined] : address === 'public' ? defer(() => module.exec(ble.addressQuery)) : [address.static.toLowerCase()];
  return concat(concat(named, own).pipe(ignoreElements()), shown);
};

/** What a peripheral stands on. */
interface Ground {
  readonly module: AtModule;
  readonly config: PeripheralConfig;
  readonly time: RoleTime;
  readonly clients: PeripheralClients;
}

const build = ({ module, config, time, clients }: Ground, address: string | undefined, services: readonly ServerService[]): Peripheral => {
  const rows = services.flatMap(({ characteristics }) => characteristics);
  const written = new Subject<PeripheralWrite>();
  const configured = new Subject<PeripheralSubscription>();
  let advertising = false;
  const hear = ({ fields, payload = new Uint8Array(0) }: AtEvent<WriteFields>): void => {
    const { connection } = fields;
    const characteristic = rows.find((row) => row.service === fields.service && row.index === fields.characteristic);
    const descriptor = characteristic?.descriptors.find((row) => row.index === fields.descriptor);
    if (characteristic === undefined) return;
    if (descriptor?.uuid !== configuration) return written.next({ connection, characteristic, ...(descriptor === undefined ? {} : { descriptor }), data: payload });
    configured.next({ connection, characteristic, ...clients.configure(connection, characteristic, payload[0] ?? 0) });
  };
  time.life.add(module.events.pipe(ofEvent(events.bleWrite)).subscribe({ next: hear, error: () => undefined }));
  const ownAddress = (config.address ?? 'public') === 'public' ? 'public' : 'random';
  const host: AdvertiseHost = { module, connections: clients.connections, time, ownAddress };
  return {
    address,
    services,
    characteristic: (service, uuid) => findCharacteristic('the module', services, service, uuid),
    connections: time.during(clients.connections),
    reads: time.during(module.events.pipe(ofEvent(events.bleRead), map(({ fields }) => fields))),
    writes: time.during(written),
    subscriptions: time.during(configured),
    advertise: (data, options = {}) =>
      time.alive(() => {
        if (advertising) return throwError(() => new AtError({ kind: 'usage', code: 'second-advertiser', message: 'the peripheral advertises already' }));
        advertising = true;
        return advertise(host, data, options).pipe(finalize(() => (advertising = false)));
      }),
    notify: (characteristic, data, options) => time.alive(() => tell(module, clients, 'notify', characteristic, data, options)),
    indicate: (characteristic, data, options) => time.alive(() => tell(module, clients, 'indicate', characteristic, data, options)),
    setValue: ({ service, index }, data, descriptor) =>
      time.alive(() => {
        const fault = checkNumber('length', data.length, 1, 512);
        if (fault !== undefined) return throwError(() => fault);
        const place = { service, characteristic: index, ...(descriptor === undefined ? {} : { descriptor: descriptor.index }) };
        return module.exec(ble.setAttribute, { ...place, length: data.length }, { data }).pipe(ignoreElements());
      }),
  };
};

/** From the role to the next restart. */
const serve = (module: AtModule, config: PeripheralConfig, time: RoleTime): Observable<Peripheral> => {
  const clients = followClients(module, time.life);
  const ground = { module, config, time, clients };
  return identified(module, config).pipe(mergeMap((address) => servedTable(module).pipe(map((services) => build(ground, address, services)))));
};

/**
 * The module as a GATT server, of which there is one. Cold: on subscribe it takes the role (`AT+BLEINIT=2`), sets name and address where they are given, creates and starts the services
 * of the flashed table (AT+BLEGATTSSRVCRE, AT+BLEGATTSSRVSTART), reads it, and emits a `Peripheral`; another one after each restart of the module. Never
 * completes. Unsubscribing ends what hangs on it (`link`/`closed`) and switches Bluetooth LE off in the background. Errors: `usage` before a byte is sent
 * (`address`: the rules of static addresses; `role`: another one is in use, or was first since the restart; `second-peripheral`), `unsupported`, `command`.
 * Document 000 §5.1 to §5.3, §5.16 to §5.22.
 */
export const peripheral = (module: AtModule, config: PeripheralConfig = {}): Observable<Peripheral> =>
  defer(() => {
    const { address } = config;
    const fault = typeof address === 'object' ? staticAddressFault(address.static) : undefined;
    if (fault !== undefined) return throwError(() => fault);
    if (held.has(module)) return throwError(() => new AtError({ kind: 'usage', code: 'second-peripheral', message: 'the module is a peripheral already' }));
    held.add(module);
    return duringRole(module, 'server', (time) => serve(module, config, time)).pipe(finalize(() => held.delete(module)));
  });
