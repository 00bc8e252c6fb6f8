import { pullMap } from '../../operators/index.js';
import { echo, sink, source } from '../../transports/emulator/network/index.js';
import type { AtError } from '../../lib/index.js';
import { observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { hostile, kinds, nothingLeft, passage, shuffled, usable } from './transparentHarness.js';

describe.each(kinds)('a busy passthrough of $firmware at $baud bit/s', ({ emulator, baud }) => {
  // A slow line costs a step of the emulator for every few bytes.
  const length = baud === undefined ? 10_000_000 : 1_000_000;

  it(`carries ${String(length)} bytes of anything both ways, plus signs in every place among them`, () => {
    const world = passage(echo(), emulator);
    const sent: Uint8Array[] = [];
    const got: Uint8Array[] = [];
    const out = observed(world.duplex.send(hostile(world, length, seeded(baud ?? 7), sent)));
    const back = world.duplex;
    const reading = observed(pullMap((chunk: Uint8Array) => (got.push(chunk.slice()), []))(back));
    world.run(baud === undefined ? 600_000 : 900_000);
    expect([out.completed, out.error, out.values.at(-1)]).toEqual([true, undefined, { sent: length }]);
    const expected = Buffer.concat(sent);
    expect(expected.length).toBe(length);
    expect(Buffer.concat(got).equals(expected)).toBe(true);
    expect(world.violations).toEqual([]);
    reading.leave();
    world.seen.leave();
    usable(world);
    expect(world.violations).toEqual([]);
    nothingLeft(world);
  }, 60_000);

  it('keeps +++ at every offset of a write from being the escape, with a quiet line around it and without', () => {
    const world = passage(sink(), emulator);
    const sent: Uint8Array[] = [];
    // As long as a piece of the sender and the escape behind it: at the last offset that is a piece of its own.
    const size = baud === undefined ? 2048 + 3 : 64 + 3;
    for (let offset = 0; offset <= size - 3; offset += 1) {
      const bytes = new Uint8Array(size).fill(offset & 255);
      bytes.fill(0x2b, offset, offset + 3);
      sent.push(bytes);
      const out = observed(world.duplex.send(bytes));
      const parts = [bytes.subarray(0, offset), bytes.subarray(offset, offset + 3), bytes.subarray(offset + 3)].filter(({ length: left }) => left > 0);
      if (offset % 3 === 0) world.run(100);
      // The same once more, in three writes.
      if (offset % 16 === 0) {
        for (const part of parts) {
          sent.push(part);
          observed(world.duplex.send(part));
          if (offset % 32 === 0) world.run(100);
        }
      }
      if (offset % 64 === 0) world.run(5000);
      expect(out.error).toBeUndefined();
    }
    world.run(120_000);
    expect(world.atPeer() === Buffer.concat(sent).toString('latin1')).toBe(true);
    expect([world.violations, world.seen.completed, world.seen.error]).toEqual([[], false, undefined]);
    expect(world.trace.filter((text) => text === '+++')).toEqual([]);
  }, 60_000);

  it('is left while bytes flow both ways', () => {
    const babbling = function* (): Generator<Uint8Array> {
      const random = seeded(3);
      for (;;) yield shuffled(700, random);
    };
    const world = passage(source(babbling), emulator);
    const random = seeded(5);
    const out = observed(world.duplex.send(hostile(world, 1_000_000, random, [])));
    const reading = observed(pullMap(() => [])(world.duplex));
    world.run(baud === undefined ? 300 : 3000);
    world.seen.leave();
    world.run(10_000);
    expect([out.completed, (out.error as AtError).code, reading.completed || reading.error !== undefined]).toEqual([false, 'closed', true]);
    usable(world);
    expect(world.violations).toEqual([]);
    nothingLeft(world);
  });

  it('is left at any moment while bytes flow both ways', () => {
    const random = seeded(11);
    for (let turn = 0; turn < 8; turn += 1) {
      const world = passage(echo(), emulator);
      const out = observed(world.duplex.send(hostile(world, 100_000, random, [])));
      const reading = observed(pullMap(() => [])(world.duplex));
      world.run(random() * 400);
      if (random() < 0.3) out.leave();
      if (random() < 0.3) reading.leave();
      world.run(random() * 100);
      world.seen.leave();
      usable(world);
      expect(world.violations).toEqual([]);
      nothingLeft(world);
    }
  });
});
