import { catchError, concat, defer, forkJoin, ignoreElements, map, mergeMap, type Observable, throwError } from 'rxjs';
import { isAtError } from '../../operators/atError.js';
import * as ble from '../commands/ble.js';
import type { AtModule } from '../module/atModule.js';
import { findConnections } from './foundConnections.js';
import { type GattProperty, propertiesOf } from './gattTypes.js';
import { shortUuid } from './uuid.js';

/** A descriptor of the module's own table. */
export interface ServerDescriptor {
  /** From 1. */
  readonly index: number;
  /** Empty where the firmware does not print it. */
  readonly uuid: string;
}

/** A characteristic of the module's own table. */
export interface ServerCharacteristic {
  /** Of its service, from 1. A client counts two more: 0x1801 and 0x1800 come first. */
  readonly service: number;
  /** From 1, within the service. */
  readonly index: number;
  readonly uuid: string;
  readonly properties: readonly GattProperty[];
  readonly descriptors: readonly ServerDescriptor[];
}

/** A service of the module's own table. */
export interface ServerService {
  /** From 1. */
  readonly index: number;
  readonly uuid: string;
  readonly primary: boolean;
  readonly characteristics: readonly ServerCharacteristic[];
}

/** Reads the table: AT+BLEGATTSSRV?, AT+BLEGATTSCHAR?. Cold. */
const readTable = (module: AtModule): Observable<readonly ServerService[]> =>
  forkJoin([module.exec(ble.serverServices), module.exec(ble.serverCharacteristics)]).pipe(
    map(([services, { characteristics, descriptors }]) => {
      const rows = characteristics.map(({ service, characteristic, uuid, properties }): ServerCharacteristic => ({
        service,
        index: characteristic,
        uuid: shortUuid(uuid),
        properties: propertiesOf(properties),
        descriptors: descriptors
          .filter((row) => row.service === service && row.characteristic === characteristic)
          .map((row) => ({ index: row.descriptor, uuid: shortUuid(row.uuid ?? '') })),
      }));
      return services.map(({ service, uuid, primary }) => ({ index: service, uuid: shortUuid(uuid), primary, characteristics: rows.filter((row) => row.service === service) }));
    }),
  );

/** Creates and starts the services of the flashed table, where a host before has not done so. Cold; emits the table. */
export const servedTable = (module: AtModule): Observable<readonly ServerService[]> => {
  // A firmware that has them, and a connection, creates none again.
  const there = (refused: unknown): Observable<never> =>
    isAtError(refused, 'command') && refused.code === 'rejected'
      ? module.exec(ble.serverServices).pipe(mergeMap((found) => (found.length > 0 ? findConnections(module).pipe(ignoreElements()) : throwError(() => refused))))
      : throwError(() => refused);
  return concat(
    module.exec(ble.serverCreate).pipe(catchError(there), ignoreElements()),
    defer(() => module.exec(ble.serverStart)).pipe(ignoreElements()),
    defer(() => readTable(module)),
  );
};
