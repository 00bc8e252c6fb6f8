import fc from 'fast-check';
import { advertiseBytes, type AdvertiseFields } from '../../lib/ble/advertiseBytes.js';
import { advertisingData } from '../../lib/ble/advertisingData.js';
import { staticAddressFault } from '../../lib/ble/peripheralAddress.js';
import { isAtError } from '../../lib/index.js';

const hex = (data: AdvertiseFields | Uint8Array): string => {
  const made = advertiseBytes(data);
  return isAtError(made) ? `${made.kind}/${made.code}` : Buffer.from(made).toString('hex');
};
const bytes = (...values: readonly number[]): Uint8Array => Uint8Array.from(values);

describe('advertising data', () => {
  it.each<[string, AdvertiseFields, string]>([
    ['flags', { flags: ['general-discoverable', 'no-br-edr'] }, '020106'],
    ['a name in UTF-8', { name: 'ö1' }, '0409c3b631'],
    ['a shortened name', { name: 'ESP', nameComplete: false }, '0408455350'],
    ['UUIDs by their length, from the lowest byte on', { services: ['A002', '180D', '12345678'] }, '050302a00d18' + '050578563412'],
    ['a long UUID with dashes', { services: ['00112233-4455-6677-8899-aabbccddeeff'] }, '1107ffeeddccbbaa99887766554433221100'],
    ['the power, below zero too', { txPower: -3 }, '020afd'],
    ['the appearance', { appearance: 0x03c1 }, '0319c103'],
    ['the manufacturer', { manufacturer: [{ company: 0x02e5, data: bytes(1, 2) }] }, '05ffe5020102'],
    ['service data', { serviceData: [{ uuid: 'FEAA', data: bytes(9) }, { uuid: '12345678', data: bytes() }] }, '0416aafe09' + '052078563412'],
    ['the intervals it likes', { connectionInterval: { min: 20, max: undefined } }, '05121000ffff'],
    ['what it looks for', { solicited: ['180F', '12345678'] }, '03140f18' + '051f78563412'],
    ['anything', { other: [{ type: 0x24, data: bytes(0x17) }] }, '022417'],
    ['the flags first and the name last', { name: 'a', flags: ['no-br-edr'] }, '020104020961'],
  ])('has %s', (_, fields, expected) => expect(hex(fields)).toBe(expected));

  it('takes bytes as they are, 31 of them', () => {
    expect(hex(bytes(1, 2, 3))).toBe('010203');
    expect(hex(new Uint8Array(31))).toBe('00'.repeat(31));
    expect(hex(new Uint8Array(32))).toBe('usage/advert');
  });

  it('says how much is too much', () => {
    expect(advertiseBytes({ flags: [], name: 'x'.repeat(27) })).toMatchObject({ kind: 'usage', code: 'advert', details: { length: 32, room: 31 } });
    expect(hex({ flags: [], name: 'x'.repeat(26) })).toHaveLength(62);
  });

  it.each<[string, AdvertiseFields]>([
    ['connectionInterval', { connectionInterval: { min: 5, max: undefined } }],
    ['txPower', { txPower: -128 }],
    ['appearance', { appearance: 0x10000 }],
    ['company', { manufacturer: [{ company: -1, data: bytes() }] }],
    ['type', { other: [{ type: 256, data: bytes() }] }],
    ['uuid', { services: ['A02'] }],
    ['uuid', { serviceData: [{ uuid: 'no', data: bytes() }] }],
  ])('refuses %s out of its range', (code, fields) => expect(advertiseBytes(fields)).toMatchObject({ kind: 'usage', code }));

  it('is read back as what it was made of, or is too long', () => {
    const value = fc.uint8Array({ maxLength: 4 });
    const uuid = fc.constantFrom('A002', '180D', '89ABCDEF', '00112233445566778899AABBCCDDEEFF');
    const fields = fc.record(
      {
        flags: fc.subarray(['limited-discoverable', 'general-discoverable', 'no-br-edr'] as const),
        name: fc.string({ maxLength: 6 }),
        services: fc.uniqueArray(uuid, { minLength: 1, maxLength: 2 }),
        txPower: fc.integer({ min: -127, max: 127 }),
        appearance: fc.integer({ min: 0, max: 0xffff }),
        manufacturer: fc.array(fc.record({ company: fc.integer({ min: 0, max: 0xffff }), data: value }), { minLength: 1, maxLength: 1 }),
        serviceData: fc.array(fc.record({ uuid, data: value }), { minLength: 1, maxLength: 2 }),
        other: fc.array(fc.record({ type: fc.constantFrom(0x24, 0x3d), data: value }), { minLength: 1, maxLength: 1 }),
      },
      { requiredKeys: [] },
    );
    let fitted = 0;
    fc.assert(
      fc.property(fields, (given) => {
        const made = advertiseBytes(given);
        if (isAtError(made)) return expect(Number(made.details['length'])).toBeGreaterThan(31);
        fitted += 1;
        const read = advertisingData(made);
        expect(read.malformed).toEqual([]);
        // UUIDs of one length are together.
        if (given.services !== undefined) expect([...read.services].sort()).toEqual([...given.services].sort());
        expect(read).toMatchObject({ ...given, services: read.services });
      }),
      { seed: 6, numRuns: 400 },
    );
    expect(fitted).toBeGreaterThan(50);
  });
});

describe('static addresses', () => {
  it.each(['f8:7f:24:87:1c:7b', 'C0:00:00:00:00:01', 'ff:ff:ff:ff:ff:fe', 'c1:00:00:00:00:00', 'fe:ff:ff:ff:ff:ff'])('%s is one', (address) => expect(staticAddressFault(address)).toBeUndefined());
  it.each(['38:7f:24:87:1c:7b', '80:00:00:00:00:01', '7f:ff:ff:ff:ff:fe', 'c0:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', 'f8:7f:24:87:1c', 'f8-7f-24-87-1c-7b'])('%s is none', (address) =>
    expect(staticAddressFault(address)).toMatchObject({ kind: 'usage', code: 'address' }),
  );
});
