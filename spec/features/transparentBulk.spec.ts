import { pullMap } from '../../operators/index.js';
import { echo, source } from '../../transports/emulator/network/index.js';
import type { AtError } from '../../lib/index.js';
import { observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { hostile, kinds, nothingLeft, passage, shuffled, usable } from './transparentHarness.js';

describe.each(kinds)('a busy passthrough of $firmware at $baud bit/s', ({ emulator, baud }) => {
  it('carries a megabyte of anything both ways, plus signs in every place among it', () => {
    const world = passage(echo(), emulator);
    const sent: Uint8Array[] = [];
    const got: Uint8Array[] = [];
    const length = 1_048_576;
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
