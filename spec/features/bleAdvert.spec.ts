import fc from 'fast-check';
import { advertisingData } from '../../lib/index.js';
import { advertiseBytes } from '../../lib/ble/advertiseBytes.js';
import { bytesHex, hexBytes } from '../../lib/codec/hexBytes.js';
import { sameUuid, shortUuid } from '../../lib/ble/uuid.js';

const empty = { services: [], solicited: [], manufacturer: [], serviceData: [], other: [], malformed: [] };
const read = (...parts: readonly string[]) => advertisingData(...parts.map((digits) => hexBytes(digits.replace(/ /g, ''))));

describe('advertising data', () => {
  test.each([
    ['nothing', [''], {}],
    ['zeros of an advertiser without data', ['00'.repeat(31)], {}],
    ['flags', ['02 01 1f'], { flags: ['limited-discoverable', 'general-discoverable', 'no-br-edr', 'dual-mode-controller', 'dual-mode-host'] }],
    ['a whole name, in UTF-8', ['06 09 4cc3a46dff'], { name: 'Läm\ufffd', nameComplete: true }],
    ['the beginning of a name, completed by the scan response', ['03 08 6c61', '05 09 6c616d70'], { name: 'lamp', nameComplete: true }],
    ['which the beginning does not undo', ['05 09 6c616d70', '03 08 6c61'], { name: 'lamp', nameComplete: true }],
    ['UUIDs of every length, none twice', ['05 03 02a0 0fa1', '03 02 02a0 05 05 78563412', '11 07 0f0e0d0c0b0a09080706050403020100'], { services: ['A002', 'A10F', '12345678', '000102030405060708090A0B0C0D0E0F'] }],
    ['services looked for', ['03 14 0a18 05 1f 01000200'], { solicited: ['180A', '00020001'] }],
    ['power', ['02 0a ec'], { txPower: -20 }],
    ['appearance', ['03 19 c103'], { appearance: 0x03c1 }],
    ['a company', ['05 ff e502 0102 03 ff 4c00'], { manufacturer: [{ company: 0x02e5, data: Uint8Array.of(1, 2) }, { company: 0x4c, data: new Uint8Array() }] }],
    ['data of a service', ['05 16 0f18 64ff', '05 20 78563412'], { serviceData: [{ uuid: '180F', data: Uint8Array.of(0x64, 0xff) }, { uuid: '12345678', data: new Uint8Array() }] }],
    ['intervals', ['05 12 0600 ffff'], { connectionInterval: { min: 7.5, max: undefined } }],
    ['what nobody knows', ['03 3d 0102 01 3e'], { other: [{ type: 0x3d, data: Uint8Array.of(1, 2) }, { type: 0x3e, data: new Uint8Array() }] }],
  ] as const)('%s', (_, parts, expected) => {
    expect(read(...parts)).toEqual({ ...empty, ...expected });
  });

  test.each([
    ['a structure longer than the rest', ['02 01 06 1f 09 6c61'], { flags: ['general-discoverable', 'no-br-edr'], malformed: [{ type: 9, offset: 3, reason: 'truncated', data: Uint8Array.of(0x6c, 0x61) }] }],
    ['a length alone', ['05'], { malformed: [{ type: undefined, offset: 0, reason: 'truncated', data: new Uint8Array() }] }],
    ['flags without bits', ['01 01'], { flags: [], malformed: [{ type: 1, offset: 0, reason: 'length', data: new Uint8Array() }] }],
    ['half a UUID behind a whole one', ['04 03 02a0 0f'], { services: ['A002'], malformed: [{ type: 3, offset: 0, reason: 'length', data: Uint8Array.of(2, 0xa0, 0x0f) }] }],
    ['power of two bytes', ['03 0a 0101 02 01 06'], { flags: ['general-discoverable', 'no-br-edr'], malformed: [{ type: 10, offset: 0, reason: 'length', data: Uint8Array.of(1, 1) }] }],
    ['half a company', ['02 ff 4c'], { malformed: [{ type: 255, offset: 0, reason: 'length', data: Uint8Array.of(0x4c) }] }],
  ] as const)('broken, and said so: %s', (_, parts, expected) => {
    expect(read(...parts)).toEqual({ ...empty, ...expected });
  });

  test('whatever the bytes are, each is told once at most and nothing is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 31 }), (advert, response) => {
        const data = advertisingData(advert, response);
        const kept = [...data.manufacturer, ...data.serviceData, ...data.other, ...data.malformed].reduce((sum, { data: { length } }) => sum + length, 0);
        expect(kept).toBeLessThanOrEqual(advert.length + response.length);
        for (const { offset } of data.malformed) expect(offset).toBeLessThan(300);
        for (const uuid of [...data.services, ...data.solicited]) expect(uuid).toMatch(/^(?:[0-9A-F]{4}|[0-9A-F]{8}|[0-9A-F]{32})$/);
        // A second reading says the same: nothing is kept.
        expect(advertisingData(advert, response)).toEqual(data);
      }),
      { seed: 6, numRuns: 500 },
    );
  });

  test('what the peripheral composes is read as it was meant', () => {
    const bytes = fc.uint8Array({ maxLength: 5 });
    fc.assert(
      fc.property(
        fc.record(
          { txPower: fc.integer({ min: -127, max: 127 }), appearance: fc.integer({ min: 0, max: 0xffff }), company: fc.integer({ min: 0, max: 0xffff }), name: fc.string({ minLength: 1, maxLength: 6 }), uuid: fc.integer({ min: 0, max: 0xffff }), data: bytes },
          { requiredKeys: ['uuid', 'data', 'name', 'company'] },
        ),
        ({ txPower, appearance, company, name, uuid: number, data }) => {
          const uuid = number.toString(16).padStart(4, '0').toUpperCase();
          const power = txPower === undefined ? {} : { txPower };
          const look = appearance === undefined ? {} : { appearance };
          const said = advertiseBytes({ ...power, ...look, services: [uuid], manufacturer: [{ company, data }], name });
          if (!(said instanceof Uint8Array)) return fc.pre(false);
          expect(advertisingData(said)).toEqual({ ...empty, ...power, ...look, services: [uuid], manufacturer: [{ company, data }], name, nameComplete: true });
        },
      ),
      { seed: 7, numRuns: 300 },
    );
  });
});

describe('UUIDs', () => {
  test.each([
    ['a002', 'A002'],
    ['0xA002', 'A002'],
    ['0000A002-0000-1000-8000-00805F9B34FB', 'A002'],
    ['1234a0020000100080000805f9b34fb', '1234A0020000100080000805F9B34FB'],
    ['1234a002-0000-1000-8000-00805f9b34fb', '1234A002'],
    ['0000a002', 'A002'],
    ['6e400001-b5a3-f393-e0a9-e50e24dcca9e', '6E400001B5A3F393E0A9E50E24DCCA9E'],
  ])('%s is %s', (text, shown) => expect([shortUuid(text), sameUuid(text, shown)]).toEqual([shown, true]));

  test('hex digits and bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => expect(hexBytes(bytesHex(bytes))).toEqual(bytes)), { seed: 8 });
  });
});
