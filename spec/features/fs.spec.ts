import { concat, last, type Observable, of } from 'rxjs';
import { type AtError, fs } from '../../lib/index.js';
import { readBlocks } from '../../lib/features/storageBlocks.js';
import { memorySource } from '../support/byteSources.js';
import { observed } from '../support/joinedModule.js';
import { bytesOf, fault, storable, storing } from './storageHarness.js';

const random = (length: number): Uint8Array => storable(length, 'FS');

describe.each(['2.1.0', '4.1.0'] as const)('fs on %s', (firmware) => {
  it.each([1, 100, 4096, 4097, 40_000])('brings %d bytes back as they were', (length) => {
    const { module, done, violations, failures } = storing(firmware);
    const data = random(length);
    const wrote = done(fs.write(module, 'a, b.bin', data));
    expect([wrote.error, wrote.completed, wrote.values.length, wrote.values.at(-1)]).toEqual([undefined, true, Math.ceil(length / 4096), { written: length, total: length }]);
    const read = done(fs.read(module, 'a, b.bin'));
    expect(bytesOf(read.values).equals(data)).toBe(true);
    expect(read.values.at(-1)).toMatchObject({ received: length, total: length });
    expect([read.completed, violations, failures]).toEqual([true, [], []]);
  });

  it('reads a range in blocks of any size, also of more than a payload has', () => {
    const { module, done, at } = storing(firmware);
    const data = random(50_000);
    done(fs.write(module, 'f', data, { block: 50_000 }));
    for (const [offset, length, block] of [[1, 10, 3], [49_990, 100, 4096], [0, 50_000, 40_000], [50_000, 1, 1], [60_000, 5, 1]] as const) {
      const from = at().length;
      const read = done(fs.read(module, 'f', { offset, length, block }));
      const wanted = data.subarray(offset, offset + length);
      expect([offset, read.completed, bytesOf(read.values).equals(wanted)]).toEqual([offset, true, true]);
      expect(at().slice(from)).toHaveLength(1 + Math.ceil(wanted.length / block));
    }
  });

  it('lists, measures and deletes', () => {
    const { module, done } = storing(firmware);
    done(concat(fs.write(module, 'one.txt', Uint8Array.of(1)), fs.write(module, 'two.txt', Uint8Array.of(1, 2))));
    expect(done(fs.list(module)).values).toEqual([['one.txt', 'two.txt']]);
    expect(done(fs.size(module, 'two.txt')).values).toEqual([2]);
    const removed = done(fs.remove(module, 'one.txt'));
    expect([removed.values, removed.completed]).toEqual([[], true]);
    expect(done(fs.list(module)).values).toEqual([['two.txt']]);
  });

  it('replaces a longer file, or writes into it', () => {
    const { module, done } = storing(firmware);
    done(fs.write(module, 'f', Buffer.from('0123456789')));
    done(fs.write(module, 'f', Buffer.from('xy'), { offset: 4 }));
    expect(bytesOf(done(fs.read(module, 'f')).values).toString()).toBe('0123xy6789');
    done(fs.write(module, 'f', Buffer.from('new')));
    expect(bytesOf(done(fs.read(module, 'f')).values).toString()).toBe('new');
  });

  it('fills its blocks from a source, and asks it for no more than one', () => {
    const { module, done, world, at } = storing(firmware);
    const data = random(10_000);
    const source = memorySource(Array.from({ length: 100 }, (_, index) => data.subarray(index * 100, index * 100 + 100)), { delay: 1, scheduler: world.scheduler });
    const wrote = done(fs.write(module, 'f', source));
    expect(wrote.values).toEqual([{ written: 4096 }, { written: 8192 }, { written: 10_000 }]);
    expect(Math.max(...source.reads)).toBe(4096);
    expect(at().filter((line) => line.startsWith('AT+FS=0,1'))).toEqual(['AT+FS=0,1,"f",0,4096', 'AT+FS=0,1,"f",4096,4096', 'AT+FS=0,1,"f",8192,1808']);
    expect(bytesOf(done(fs.read(module, 'f')).values).equals(data)).toBe(true);
  });

  it('tells what was written when the disk is full', () => {
    const { module, done, violations } = storing(firmware);
    const wrote = done(fs.write(module, 'f', new Uint8Array(2_000_000), { block: 65_536 }));
    expect(fault(wrote)).toEqual(['send', 'failed', wrote.values.at(-1)?.written]);
    expect(wrote.values.length).toBeGreaterThan(0);
    expect([done(fs.list(module)).values, violations]).toEqual([[['f']], []]);
  });

  it('a write that fails later may not be repeated for nothing', () => {
    const retryOf = (failing: string): unknown => {
      const { module, done, world } = storing(firmware);
      world.module.faults.add({ when: (event) => event.point === 'command' && event.line.startsWith(failing), act: { do: 'error' } });
      const { error } = done(fs.write(module, 'f', random(5000)));
      return [(error as AtError).retry, ...fault({ error })];
    };
    expect(retryOf('AT+FS=0,1,"f",0,')).toEqual(['safe', 'command', 'rejected', 0]);
    expect(retryOf('AT+FS=0,1,"f",4096,')).toEqual(['unknown', 'command', 'rejected', 4096]);
  });

  it('knows no missing file', () => {
    const { module, done } = storing(firmware);
    for (const source of [fs.size(module, 'no'), fs.read(module, 'no'), fs.remove(module, 'no')] as Observable<unknown>[]) expect(fault(done(source)).slice(0, 2)).toEqual(['command', 'rejected']);
  });

  it('leaves the old file alone where the source fails at once, and writes no empty one', () => {
    const { module, done } = storing(firmware);
    done(fs.write(module, 'f', Uint8Array.of(7)));
    expect((done(fs.write(module, 'f', memorySource([], { failure: new Error('gone') }))).error as Error).message).toBe('gone');
    expect(fault(done(fs.write(module, 'f', new Uint8Array(0)))).slice(0, 2)).toEqual(['usage', 'empty']);
    expect(done(fs.read(module, 'f').pipe(last())).values[0]?.bytes).toEqual(Uint8Array.of(7));
  });

  it('unsubscribing ends with the block on the line', () => {
    const { module, done, world, at } = storing(firmware);
    done(fs.write(module, 'f', random(40_000), { block: 40_000 }));
    const from = at().length;
    const subscription = fs.read(module, 'f').subscribe(({ received }) => {
      if (received === 8192) subscription.unsubscribe();
    });
    world.run(10_000);
    expect(at().slice(from)).toHaveLength(3);
    expect(done(fs.size(module, 'f')).values).toEqual([40_000]);
  });

  it('unsubscribing from a write leaves what was asked for unsent', () => {
    const { module, world, at } = storing(firmware);
    const from = at().length;
    const subscription = fs.write(module, 'f', random(40_000), { offset: 0 }).subscribe(({ written }) => {
      if (written === 8192) subscription.unsubscribe();
    });
    world.run(10_000);
    expect(at().slice(from)).toEqual(['AT+FS=0,1,"f",0,4096', 'AT+FS=0,1,"f",4096,4096']);
    // Waiting behind another command, then given up.
    const other = observed(fs.list(module));
    fs.write(module, 'f', random(100), { offset: 0 }).subscribe().unsubscribe();
    world.run(10_000);
    expect([other.values, at().slice(from + 2)]).toEqual([[['f']], ['AT+FS=0,4,"."']]);
  });

  it.each([{ offset: -1 }, { length: 1.5 }, { block: 0 }, { block: 65_537 }, { offset: Infinity }])('%j is not sent', (config) => {
    const { module, done, at } = storing(firmware);
    const from = at().length;
    expect(fault(done(fs.read(module, 'f', config)))[0]).toBe('usage');
    expect(at().slice(from)).toEqual([]);
  });
});

test('a block that comes shorter than it was asked for ends the reading', () => {
  const asked: number[] = [];
  const log = observed(
    readBlocks(10, 10, 4, (at, size) => {
      asked.push(at, size);
      return of({ payload: new Uint8Array(at === 14 ? 3 : size) });
    }),
  );
  expect([log.values.map(({ received, total }) => [received, total]), asked]).toEqual([[[4, 10], [7, 10]], [10, 4, 14, 4]]);
  expect(log.error).toMatchObject({ kind: 'decode', code: 'short', details: { received: 7 } });
});
