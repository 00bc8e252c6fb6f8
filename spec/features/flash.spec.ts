import { type AtModule, flash } from '../../lib/index.js';
import { fromBytes } from '../../operators/index.js';
import { bytesOf, fault, storable, storing } from './storageHarness.js';

describe.each([['2.1.0', 'fatfs'], ['4.1.0', 'mfg_nvs']] as const)('flash on %s', (firmware, partition) => {
  it('lists the partitions', () => {
    const { module, done } = storing(firmware);
    const [rows] = done(flash.partitions(module)).values;
    expect(rows).toContainEqual(expect.objectContaining({ partition, address: expect.any(Number) as number, size: expect.any(Number) as number }));
  });

  it('erases, writes and reads back, in blocks', () => {
    const { module, done, at, violations } = storing(firmware);
    const data = storable(9000, 'SYSFLASH');
    const erased = done(flash.erase(module, partition, { offset: 4096, length: 12_288 }));
    expect([erased.values, erased.completed]).toEqual([[], true]);
    const wrote = done(flash.write(module, partition, data, { offset: 4100 }));
    expect([wrote.values.map(({ written }) => written), wrote.completed]).toEqual([[4096, 8192, 9000], true]);
    const from = at().length;
    const read = done(flash.read(module, partition, { offset: 4100, length: 9000, block: 5000 }));
    expect(bytesOf(read.values).equals(data)).toBe(true);
    expect([read.values.map(({ received, total }) => [received, total]), at().slice(from).length]).toEqual([[[5000, 9000], [9000, 9000]], 3]);
    expect(violations).toEqual([]);
  });

  it('reads to the end of the partition', () => {
    const { module, done } = storing(firmware);
    const size = done(flash.partitions(module)).values[0]?.find((row) => row.partition === partition)?.size ?? 0;
    const read = done(flash.read(module, partition, { offset: 4096, block: 65_536 }));
    expect([bytesOf(read.values).length, read.completed]).toEqual([size - 4096, true]);
  });

  it('only clears bits, unless it erases each sector before', () => {
    const { module, done, at } = storing(firmware);
    done(flash.erase(module, partition));
    done(flash.write(module, partition, new Uint8Array(5000).fill(0x0f), { offset: 4096 }));
    done(flash.write(module, partition, new Uint8Array(2).fill(0xf1), { offset: 4096 }));
    expect([...bytesOf(done(flash.read(module, partition, { offset: 4096, length: 3 })).values)]).toEqual([1, 1, 0x0f]);
    const from = at().length;
    const wrote = done(flash.write(module, partition, fromBytes(new Uint8Array(5000).fill(0xf1)), { offset: 4096, erase: true }));
    expect(wrote.values).toEqual([{ written: 4096 }, { written: 5000 }]);
    expect(at().slice(from).filter((line) => line.startsWith('AT+SYSFLASH=0'))).toEqual([`AT+SYSFLASH=0,"${partition}",4096,4096`, `AT+SYSFLASH=0,"${partition}",8192,4096`]);
    expect(new Set(bytesOf(done(flash.read(module, partition, { offset: 4096, length: 5000 })).values))).toEqual(new Set([0xf1]));
    expect([...bytesOf(done(flash.read(module, partition, { offset: 9096, length: 2 })).values)]).toEqual([0xff, 0xff]);
  });

  it.each([
    ['alignment', (module: AtModule) => flash.erase(module, partition, { offset: 1, length: 4096 })],
    ['alignment', (module: AtModule) => flash.erase(module, partition, { offset: 4096, length: 100 })],
    ['length', (module: AtModule) => flash.erase(module, partition, { offset: 4096, length: 0 })],
    ['alignment', (module: AtModule) => flash.write(module, partition, new Uint8Array(1), { offset: 8, erase: true })],
    ['block', (module: AtModule) => flash.read(module, partition, { block: 100_000 })],
  ] as const)('a wrong %s is not sent', (code, use) => {
    const { module, done, at } = storing(firmware);
    const from = at().length;
    expect(fault(done<unknown>(use(module))).slice(0, 2)).toEqual(['usage', code]);
    expect(at().slice(from)).toEqual([]);
  });

  it('writes nothing beyond the end, nor into what there is not', () => {
    const { module, done, at } = storing(firmware);
    const from = at().length;
    expect(fault(done(flash.write(module, partition, new Uint8Array(2), { offset: 0x7ffffffe }))).slice(0, 2)).toEqual(['usage', 'range']);
    const size = done(flash.partitions(module)).values[0]?.find((row) => row.partition === partition)?.size ?? 0;
    expect(fault(done(flash.write(module, partition, new Uint8Array(2), { offset: size - 1 }))).slice(0, 2)).toEqual(['usage', 'range']);
    expect(fault(done(flash.read(module, partition, { offset: 1, length: size }))).slice(0, 2)).toEqual(['usage', 'range']);
    expect(fault(done(flash.read(module, 'nowhere'))).slice(0, 2)).toEqual(['usage', 'partition']);
    expect(at().slice(from)).toEqual(Array.from({ length: 5 }, () => 'AT+SYSFLASH?'));
    expect(done(flash.write(module, partition, new Uint8Array(1), { offset: size - 1 })).completed).toBe(true);
    expect(fault(done(flash.erase(module, 'nowhere'))).slice(0, 2)).toEqual(['command', 'rejected']);
  });
});
