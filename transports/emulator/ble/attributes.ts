import type { Characteristic, Descriptor, Service } from './peer.js';

/** Longest value of an attribute, in bytes. */
export const longest = 512;

/** Bits of a characteristic's properties. */
export const property = { read: 2, writeWithoutResponse: 4, write: 8, notify: 16, indicate: 32 } as const;

/** A characteristic of a table; its descriptors by UUID, or with their values. */
export const characteristic = (uuid: string, properties: number, value = '', ...descriptors: readonly (string | Descriptor)[]): Characteristic => ({
  uuid, properties, value,
  descriptors: descriptors.map((given) => (typeof given === 'string' ? { uuid: given, value: given === '2902' ? '\0\0' : 'VALUE' } : given)),
});

/** A primary service of a table. */
export const service = (uuid: string, characteristics: readonly Characteristic[], started = true): Service =>
  ({ uuid, primary: true, started, characteristics, included: [] });
