import { concatMap, defer, from, ignoreElements, map, mergeMap, type Observable, of, reduce, throwError, toArray } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { createByteParts } from '../../operators/byteParts.js';
import type { Emits } from '../command/index.js';
import * as ble from '../commands/ble.js';
import type { QueueOptions } from '../mailbox/reader.js';
import type { AtModule } from '../module/atModule.js';
import { findCharacteristic } from './findCharacteristic.js';
import { type DiscoverOptions, type GattCharacteristic, type GattDescriptor, type GattProperty, type GattService, type GattTree, propertiesOf } from './gattTypes.js';
import type { PeerLife } from './peerLife.js';
import { sameUuid, shortUuid } from './uuid.js';
import type { ValueTable } from './valueTable.js';

/** A connection as its attributes use it. */
export interface Peer {
  readonly module: AtModule;
  readonly connection: number;
  readonly life: PeerLife;
  readonly table: ValueTable;
}

type Found = Emits<typeof ble.characteristics>;
type FoundService = Emits<typeof ble.services>[number];
interface Place {
  readonly service: number;
  readonly characteristic: number;
  readonly descriptor?: number;
}

const configuration = '2902';

const unsupported = (message: string, details: Readonly<Record<string, unknown>>): AtError => new AtError({ kind: 'unsupported', code: 'property', message, details });

const read = ({ module, connection, life }: Peer, place: Place): Observable<Uint8Array> =>
  life.guard(module.exec(ble.read, { connection, ...place })).pipe(
    reduce((parts, { payload }) => {
      parts.push(payload);
      return parts;
    }, createByteParts()),
    map((parts) => parts.take()),
  );

const write = ({ module, connection, life }: Peer, place: Place, value: Uint8Array): Observable<never> =>
  life.guard(defer(() => module.exec(ble.write, { connection, ...place, length: value.length }, { data: value }))).pipe(ignoreElements());

const describe = (peer: Peer, { service, characteristic, descriptor, uuid = '' }: Found['descriptors'][number]): GattDescriptor => {
  const place = { service, characteristic, descriptor };
  return { index: descriptor, uuid: shortUuid(uuid), read: () => defer(() => read(peer, place)), write: (value) => write(peer, place, value) };
};

const characterise = (peer: Peer, { service, characteristic, uuid: long, properties: mask }: Found['characteristics'][number], descriptors: readonly GattDescriptor[]): GattCharacteristic => {
  const uuid = shortUuid(long);
  const properties = propertiesOf(mask);
  const place = { service, characteristic };
  const values = { ...place, uuid, configuration: descriptors.find((found) => found.uuid === configuration)?.index };
  const having = <T>(needs: readonly GattProperty[], source: () => Observable<T>): Observable<T> =>
    defer(() =>
      needs.some((need) => properties.includes(need))
        ? source()
        : throwError(() => unsupported(`characteristic ${uuid} does not allow ${needs.join(' or ')}`, { uuid, properties })),
    );
  const whole: GattCharacteristic<GattProperty> = {
    service,
    index: characteristic,
    uuid,
    properties,
    descriptors,
    allows: <N extends GattProperty>(...needs: readonly N[]): this is GattCharacteristic<N> => needs.every((need) => properties.includes(need)),
    read: () => having(['read'], () => read(peer, place)),
    write: (value) => having(['write', 'write-without-response'], () => write(peer, place, value)),
    notifications: (options: QueueOptions = {}) => having(['notify'], () => peer.table.values(values, 'notify', options)),
    indications: (options: QueueOptions = {}) => having(['indicate'], () => peer.table.values(values, 'indicate', options)),
  };
  return whole;
};

const lookInto = (peer: Peer, { service, uuid, primary }: FoundService, { included = true }: DiscoverOptions): Observable<GattService> => {
  const { module, connection } = peer;
  const within = included ? module.exec(ble.includedServices, { connection, service }) : of([]);
  return within.pipe(
    mergeMap((rows) =>
      module.exec(ble.characteristics, { connection, service }).pipe(
        map(({ characteristics, descriptors }): GattService => ({
          index: service,
          uuid: shortUuid(uuid),
          primary,
          included: rows.map(({ includedUuid, includedPrimary }) => ({ uuid: shortUuid(includedUuid), primary: includedPrimary })),
          characteristics: characteristics.map((found) =>
            characterise(
              peer,
              found,
              descriptors.filter(({ characteristic }) => characteristic === found.characteristic).map((below) => describe(peer, below)),
            ),
          ),
        })),
      ),
    ),
  );
};

const treeOf = (services: readonly GattService[]): GattTree => ({
  services,
  characteristic: <N extends GattProperty = never>(service: string, uuid: string, ...needs: readonly N[]): Observable<GattCharacteristic<N>> =>
    findCharacteristic('the peer', services, service, uuid).pipe(
      mergeMap((found) =>
        found.allows(...needs) ? of(found) : throwError(() => unsupported(`characteristic ${uuid} does not allow all of ${needs.join(', ')}`, { uuid, properties: found.properties, needs })),
      ),
    ),
});

/** AT+BLEGATTCPRIMSRV, then each service in turn. */
export const discover = (peer: Peer, options: DiscoverOptions): Observable<GattTree> => {
  const { module, connection, life } = peer;
  const wanted = ({ uuid }: FoundService): boolean => options.services?.some((one) => sameUuid(one, uuid)) ?? true;
  return life.guard(
    defer(() => module.exec(ble.services, { connection })).pipe(
      mergeMap((found) => from(found.filter(wanted))),
      concatMap((service) => lookInto(peer, service, options)),
      toArray(),
      map(treeOf),
    ),
  );
};

