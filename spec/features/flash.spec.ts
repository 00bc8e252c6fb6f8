import type { Observable } from 'rxjs';
import { type AtError, type AtModule, flash, type StorageChunk } from '../../lib/index.js';
import { fromBytes } from '../../operators/index.js';
import { observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { featureHarness, userLines } from './featureHarness.js';

const partitioned = (firmware: '2.1.0' | '4.1.0') => {
  const harness = featureHarness({ emulator: { firmware, dialect: firmware === '2.1.0' ? 'v2' : 'v4' } });
  let at: AtModule | undefined;
  harness.opened((module) => (at = module));
  harness.world.run(5000);
  const module = at as AtModule;
  const done = <T>(source: Observable<T>) => {
    const log = observed(source);
    harness.world.run(60_000);
    return log;
  };
  return { ...harness, module, done, at: (): string[] => userLines(harness.sent()).filter((line) => line.startsWith('AT')) };
};

const random = (length: number): Uint8Array => {
  const next = seeded(3);
  const bytes = Uint8Array.from({ length }, () => Math.floor(next() * 256));
  bytes.set(Buffer.from(`\0\r\n>\r\nOK\r\n+SYSFLASH:${String(length)},`, 'latin1'), 0);
  return bytes;
};
const bytesOf = (chunks: readonly StorageChunk[]): Buffer => Buffer.concat(chunks.map(({ bytes }) => bytes));
const fault = ({ error }: { readonly error: unknown }): readonly unknown[] => {
  const { kind, code } = error as AtError;
  return [kind, code];
};

describe.each([['2.1.0', 'fatfs'], ['4.1.0', 'mfg_nvs']] as const)('flash on %s', (firmware, partition) => {
  it('lists the partitions', () => {
    const { module, done } = partitioned(firmware);
    const [rows] = done(flash.partitions(module)).values;
    expect(rows).toContainEqual(expect.objectContaining({ partition, address: expect.any(Number) as number, size: expect.any(Number) as number }));
  });

  it('erases, writes and reads back, in blocks', () => {
    const { module, done, at, violations } = partitioned(firmware);
    const data = random(9000);
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
    const { module, done } = partitioned(firmware);
    const size = done(flash.partitions(module)).values[0]?.find((row) => row.partition === partition)?.size ?? 0;
    const read = done(flash.read(module, partition, { offset: 4096, block: 65_536 }));
    expect([bytesOf(read.values).length, read.completed]).toEqual([size - 4096, true]);
  });

  it('only clears bits, unless it erases each sector before', () => {
    const { module, done, at } = partitioned(firmware);
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
    const { module, done, at } = partitioned(firmware);
    const from = at().length;
    expect(fault(done<unknown>(use(module)))).toEqual(['usage', code]);
    expect(at().slice(from)).toEqual([]);
  });

  it('writes nothing beyond the end, nor into what there is not', () => {
    const { module, done, at } = partitioned(firmware);
    const from = at().length;
    expect(fault(done(flash.write(module, partition, new Uint8Array(2), { offset: 0x7ffffffe })))).toEqual(['usage', 'range']);
    expect(fault(done(flash.read(module, 'nowhere')))).toEqual(['usage', 'partition']);
    expect(at().slice(from)).toEqual(['AT+SYSFLASH?', 'AT+SYSFLASH?']);
    expect(fault(done(flash.erase(module, 'nowhere')))).toEqual(['command', 'rejected']);
  });
});
