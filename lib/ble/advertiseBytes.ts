import { AtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import { hexBytes } from '../codec/hexBytes.js';
import { fromLatin1 } from '../codec/latin1.js';
import { toWire } from '../codec/wireText.js';
import { type AdvertisingData, flagNames } from './advertisingData.js';

/**
 * What an advert or a scan response is to say: the fields of `AdvertisingData`, at most 31 bytes together, of which each field costs two beside its value. `nameComplete`
 * is true unless given; a scan response has no flags.
 */
export type AdvertiseFields = Partial<Omit<AdvertisingData, 'malformed'>>;

/** Bytes of an advert, and of a scan response. */
const room = 31;

/** Types of the fields that hold UUIDs, by the bytes of one. */
const types: Readonly<Record<'services' | 'solicited' | 'serviceData', Readonly<Record<number, number>>>> = {
  services: { 2: 0x03, 4: 0x05, 16: 0x07 },
  solicited: { 2: 0x14, 4: 0x1f, 16: 0x15 },
  serviceData: { 2: 0x16, 4: 0x20, 16: 0x21 },
};

const usage = (code: string, message: string, details: Readonly<Record<string, unknown>> = {}): AtError => new AtError({ kind: 'usage', code, message, details });

/** A UUID as the air has it: its bytes from the lowest on. */
const uuidBytes = (uuid: string): readonly number[] | undefined => {
  const digits = uuid.replace(/-/g, '');
  if (!/^(?:[0-9a-fA-F]{4}|[0-9a-fA-F]{8}|[0-9a-fA-F]{32})$/.test(digits)) return undefined;
  return [...hexBytes(digits)].reverse();
};

const little = (value: number): readonly number[] => [value & 0xff, value >> 8];
/** Connection intervals have units of 1.25 ms; none of their own is all ones. */
const units = (ms: number | undefined): number => (ms === undefined ? 0xffff : Math.round(ms / 1.25));

const faultOf = ({ txPower, appearance, manufacturer = [], services = [], solicited = [], serviceData = [], other = [], connectionInterval }: AdvertiseFields): AtError | undefined => {
  const badUuid = [...services, ...solicited, ...serviceData.map(({ uuid }) => uuid)].find((uuid) => uuidBytes(uuid) === undefined);
  const faults = [
    checkNumber('txPower', txPower, -127, 127),
    checkNumber('appearance', appearance, 0, 0xffff),
    ...manufacturer.map(({ company }) => checkNumber('company', company, 0, 0xffff)),
    ...other.map(({ type }) => checkNumber('type', type, 0, 0xff)),
    ...[connectionInterval?.min, connectionInterval?.max].map((ms) => (ms === undefined ? undefined : checkNumber('connectionInterval', units(ms), 6, 3200))),
    badUuid === undefined ? undefined : usage('uuid', 'a UUID has 4, 8 or 32 hex digits', { uuid: badUuid }),
  ];
  return faults.find((fault) => fault !== undefined);
};

type Structure = readonly [type: number, value: readonly number[]];

const lists = (kind: 'services' | 'solicited', uuids: readonly string[]): readonly Structure[] =>
  [2, 4, 16].flatMap((size): readonly Structure[] => {
    const those = uuids.map((uuid) => uuidBytes(uuid) ?? []).filter(({ length }) => length === size);
    return those.length === 0 ? [] : [[types[kind][size] ?? 0, those.flat()]];
  });

const structuresOf = ({ flags, name, nameComplete = true, services = [], solicited = [], txPower, appearance, ...rest }: AdvertiseFields): readonly Structure[] => {
  const { manufacturer = [], serviceData = [], connectionInterval, other = [] } = rest;
  const optional = <T>(value: T | undefined, type: number, bytes: (value: T) => readonly number[]): readonly Structure[] => (value === undefined ? [] : [[type, bytes(value)]]);
  return [
    ...optional(flags, 0x01, (names) => [names.reduce((bits, flag) => bits | (1 << flagNames.indexOf(flag)), 0)]),
    ...lists('services', services),
    ...lists('solicited', solicited),
    ...optional(txPower, 0x0a, (power) => [power & 0xff]),
    ...optional(appearance, 0x19, little),
    ...optional(connectionInterval, 0x12, ({ min, max }) => [...little(units(min)), ...little(units(max))]),
    ...serviceData.map(({ uuid, data }): Structure => {
      const bytes = uuidBytes(uuid) ?? [];
      return [types.serviceData[bytes.length] ?? 0, [...bytes, ...data]];
    }),
    ...manufacturer.map(({ company, data }): Structure => [0xff, [...little(company), ...data]]),
    ...other.map(({ type, data }): Structure => [type, [...data]]),
    ...optional(name, nameComplete ? 0x09 : 0x08, (text) => [...fromLatin1(toWire(text))]),
  ];
};

/**
 * The bytes of an advert or a scan response, or why there are none: `usage`/`advert` for more than 31 bytes (`details.length` says how many),
 * `usage`/`uuid`, `usage` of a number out of its range. `advertisingData` reads them back.
 */
export const advertiseBytes = (data: AdvertiseFields | Uint8Array): Uint8Array | AtError => {
  const fault = data instanceof Uint8Array ? undefined : faultOf(data);
  if (fault !== undefined) return fault;
  const bytes = data instanceof Uint8Array ? data : Uint8Array.from(structuresOf(data).flatMap(([type, value]) => [value.length + 1, type, ...value]));
  const { length } = bytes;
  return length <= room ? bytes : usage('advert', `${String(length)} bytes do not fit into the ${String(room)} of an advert`, { length, room });
};
