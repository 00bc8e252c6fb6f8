import { textOf } from '../format.js';
import { characteristic, property, service } from './attributes.js';
import type { Service } from './peer.js';

/** What a characteristic of a table allows. */
export type GattTableProperty = 'read' | 'write-without-response' | 'write' | 'notify' | 'indicate';

/** A characteristic of a table. */
export interface GattTableCharacteristic {
  /** Four or 32 hex digits. */
  readonly uuid: string;
  readonly properties: readonly GattTableProperty[];
  /** Default: empty. */
  readonly value?: Uint8Array;
  /** Default: 2902 where it notifies or indicates, else none. */
  readonly descriptors?: readonly { readonly uuid: string; readonly value?: Uint8Array }[];
}

/** A service of a table. */
export interface GattTableService {
  /** Four or 32 hex digits. */
  readonly uuid: string;
  /** Default true. A client is told of the others, too. */
  readonly primary?: boolean;
  /** UUIDs of services of the same table. */
  readonly included?: readonly string[];
  readonly characteristics: readonly GattTableCharacteristic[];
}

const bits: Readonly<Record<GattTableProperty, number>> = {
  read: property.read,
  'write-without-response': property.writeWithoutResponse,
  write: property.write,
  notify: property.notify,
  indicate: property.indicate,
};
const nothing = new Uint8Array(0);

const serviceOf = ({ uuid, primary = true, characteristics }: GattTableService): Service => ({
  ...service(uuid.toUpperCase(), characteristics.map(({ uuid: id, properties, value = nothing, descriptors }) => {
    const mask = properties.reduce((sum, name) => sum | bits[name], 0);
    const tells = (mask & (property.notify | property.indicate)) !== 0;
    const below = descriptors?.map((given) => ({ uuid: given.uuid.toUpperCase(), value: textOf(given.value ?? nothing) })) ?? (tells ? ['2902'] : []);
    return characteristic(id.toUpperCase(), mask, textOf(value), ...below);
  }), false),
  primary,
});

/** The services of a flashed table, none of them started. */
export const servicesOf = (table: readonly GattTableService[]): readonly Service[] => {
  const made = table.map((row) => ({ ...serviceOf(row), included: [] as Service[] }));
  for (const [at, { included = [] }] of table.entries()) {
    made[at]?.included.push(...included.flatMap((uuid) => made.find((other) => other.uuid === uuid.toUpperCase()) ?? []));
  }
  return made;
};
