import { decodeUtf8 } from '../../operators/utf8.js';
import { bytesHex } from '../codec/hexBytes.js';

/** Bits of the flags, in their order. */
export const flagNames = ['limited-discoverable', 'general-discoverable', 'no-br-edr', 'dual-mode-controller', 'dual-mode-host'] as const;

/** What an advertiser says of itself by its flags. */
export type AdvertisingFlag = (typeof flagNames)[number];

/** A structure that breaks the rules of its type, or runs beyond the end. What is right beside it stands. */
export interface MalformedField {
  /** `undefined` where the advert ends before it. */
  readonly type: number | undefined;
  /** Bytes from the beginning of its advert or scan response. */
  readonly offset: number;
  readonly reason: 'truncated' | 'length';
  /** What there is of its value. */
  readonly data: Uint8Array;
}

/** What an advert and its scan response say. UUIDs are 4, 8 or 32 hex digits in upper case, as everywhere here. */
export interface AdvertisingData {
  readonly flags?: readonly AdvertisingFlag[];
  readonly name?: string;
  /** `name` is the whole name, not its beginning. */
  readonly nameComplete?: boolean;
  /** Services that the device has. */
  readonly services: readonly string[];
  /** Services that it looks for in others. */
  readonly solicited: readonly string[];
  /** dBm. */
  readonly txPower?: number;
  /** Assigned number of the kind of device. */
  readonly appearance?: number;
  readonly manufacturer: readonly { readonly company: number; readonly data: Uint8Array }[];
  readonly serviceData: readonly { readonly uuid: string; readonly data: Uint8Array }[];
  /** Connection intervals that it likes, in ms; `undefined` is any. */
  readonly connectionInterval?: { readonly min: number | undefined; readonly max: number | undefined };
  /** Types that this package does not know. */
  readonly other: readonly { readonly type: number; readonly data: Uint8Array }[];
  readonly malformed: readonly MalformedField[];
}

type Draft = { -readonly [K in keyof AdvertisingData]: AdvertisingData[K] extends readonly (infer I)[] ? I[] : AdvertisingData[K] };
/** False where the value breaks the rules of its type. */
type Take = (draft: Draft, value: Uint8Array) => boolean;

/** The air has the lowest byte first. */
const uuidOf = (bytes: Uint8Array): string => bytesHex(Uint8Array.from(bytes).reverse());
const word = (bytes: Uint8Array, at = 0): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);

const uuids =
  (kind: 'services' | 'solicited', size: number): Take =>
  (draft, value) => {
    for (let at = 0; at + size <= value.length; at += size) {
      const uuid = uuidOf(value.subarray(at, at + size));
      if (!draft[kind].includes(uuid)) draft[kind].push(uuid);
    }
    return value.length % size === 0;
  };
const serviceData =
  (size: number): Take =>
  (draft, value) => {
    if (value.length < size) return false;
    draft.serviceData.push({ uuid: uuidOf(value.subarray(0, size)), data: value.slice(size) });
    return true;
  };
const name =
  (complete: boolean): Take =>
  (draft, value) => {
    // The scan response often completes what the advert abbreviates.
    if (draft.nameComplete === true && !complete) return true;
    draft.name = decodeUtf8(value);
    draft.nameComplete = complete;
    return true;
  };
const sized =
  (length: number, take: (draft: Draft, value: Uint8Array) => void): Take =>
  (draft, value) => {
    if (value.length === length) take(draft, value);
    return value.length === length;
  };
const interval = (units: number): number | undefined => (units === 0xffff ? undefined : units * 1.25);

/** By the assigned number of the type. */
const takers: Readonly<Record<number, Take>> = {
  0x01: (draft, value) => {
    const bits = value[0] ?? 0;
    draft.flags = flagNames.filter((_, bit) => (bits & (1 << bit)) !== 0);
    return value.length > 0;
  },
  0x02: uuids('services', 2),
  0x03: uuids('services', 2),
  0x04: uuids('services', 4),
  0x05: uuids('services', 4),
  0x06: uuids('services', 16),
  0x07: uuids('services', 16),
  0x08: name(false),
  0x09: name(true),
  0x0a: sized(1, (draft, value) => (draft.txPower = ((value[0] ?? 0) << 24) >> 24)),
  0x12: sized(4, (draft, value) => (draft.connectionInterval = { min: interval(word(value)), max: interval(word(value, 2)) })),
  0x14: uuids('solicited', 2),
  0x15: uuids('solicited', 16),
  0x16: serviceData(2),
  0x19: sized(2, (draft, value) => (draft.appearance = word(value))),
  0x1f: uuids('solicited', 4),
  0x20: serviceData(4),
  0x21: serviceData(16),
  0xff: (draft, value) => {
    if (value.length < 2) return false;
    draft.manufacturer.push({ company: word(value), data: value.slice(2) });
    return true;
  },
};

const parse = (draft: Draft, bytes: Uint8Array): void => {
  for (let at = 0; at < bytes.length; ) {
    const length = bytes[at] ?? 0;
    // Zeros fill up the rest.
    if (length === 0) return;
    const type = bytes[at + 1];
    const data = bytes.slice(at + 2, at + 1 + length);
    const whole = at + 1 + length <= bytes.length;
    if (type === undefined || !whole) draft.malformed.push({ type, offset: at, reason: 'truncated', data });
    else {
      const take = takers[type];
      if (take === undefined) draft.other.push({ type, data });
      else if (!take(draft, data)) draft.malformed.push({ type, offset: at, reason: 'length', data });
    }
    at += 1 + length;
  }
};

/** Reads an advert and, behind it, its scan response. Pure; never throws: what breaks the rules is listed in `malformed`. */
export const advertisingData = (...parts: readonly Uint8Array[]): AdvertisingData => {
  const draft: Draft = { services: [], solicited: [], manufacturer: [], serviceData: [], other: [], malformed: [] };
  for (const bytes of parts) parse(draft, bytes);
  return draft;
};
