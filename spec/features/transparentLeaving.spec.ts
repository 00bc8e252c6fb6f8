import { defer, firstValueFrom, lastValueFrom } from 'rxjs';
import { commands, type Duplex, transparent } from '../../lib/index.js';
import { pullMap } from '../../operators/index.js';
import { echo, inMemoryNetwork } from '../../transports/emulator/network/index.js';
import { opened, until } from '../emulator/nodeHarness.js';
import { ptyModule } from '../emulator/nodeModule.js';
import { joinedModule, observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { bytesOf, firmwares, host, hostile, nothingLeft, server, textOf, usable } from './transparentHarness.js';

const hosts = { [host]: { tcp: { 9000: echo(), 9001: echo() } } };

describe.each(firmwares)('a module of %s', (firmware) => {
  it('enters passthrough and leaves it on purpose fifty times, with bytes on their way in both directions or with none', () => {
    const world = joinedModule({ emulator: { firmware }, network: { hosts } });
    const violations: unknown[] = [];
    world.module.violations.subscribe((violation) => violations.push(violation));
    const random = seeded(50);
    let cut = 0;
    for (let turn = 0; turn < 50; turn += 1) {
      const from = world.sent.length;
      const seen = observed(transparent(world.at, server));
      world.run(1000);
      const duplex = seen.values[0] as Duplex;
      const sent: Uint8Array[] = [];
      const got: Uint8Array[] = [];
      const reading = observed(pullMap((chunk: Uint8Array) => (got.push(chunk.slice()), []))(duplex));
      const busy = turn % 2 === 0;
      const out = observed(duplex.send(hostile(world, busy ? 200_000 : 20_000, random, sent)));
      world.run(busy ? random() * 100 : 20_000);
      if (!busy) expect(out.completed).toBe(true);
      cut += Number(!out.completed);
      if (turn % 3 === 0) seen.leave();
      else {
        const ended = observed(duplex.end());
        world.run(3000);
        expect([ended.completed, seen.completed, seen.error, reading.completed]).toEqual([true, true, undefined, true]);
      }
      // The next command waits until it has been left.
      const version = observed(world.at.exec(commands.basic.version));
      world.run(3000);
      expect(version.completed).toBe(true);
      const there = Buffer.concat(sent);
      expect(Buffer.concat(got).equals(there.subarray(0, got.reduce((sum, { length }) => sum + length, 0)))).toBe(true);
      if (!busy) expect(got.reduce((sum, { length }) => sum + length, 0)).toBe(there.length);
      expect(world.sent.slice(from).filter((line) => line === '+++')).toHaveLength(1);
    }
    expect(cut).toBeGreaterThan(15);
    expect(violations).toEqual([]);
    usable(world);
    nothingLeft(world);
  }, 30_000);
});

it('is left three times in real time, on a pty', async () => {
  const board = await ptyModule({ network: inMemoryNetwork({ hosts }) });
  const idle = (): void => undefined;
  const flowing = (duplex: Duplex): void => void duplex.send(bytesOf('x'.repeat(100_000))).subscribe({ error: idle });
  for (const before of [idle, flowing, idle]) {
    const { value: duplex, subscription } = await opened(transparent(board.at, server));
    let got = '';
    pullMap((chunk: Uint8Array) => ((got += textOf(chunk)), []))(duplex).subscribe({ error: idle });
    await lastValueFrom(duplex.send(bytesOf('said before')));
    await until(() => got.startsWith('said before'));
    before(duplex);
    // An escape that came late to the module was data of the peer, and is repeated: only that it is left counts here.
    await lastValueFrom(duplex.end(), { defaultValue: undefined });
    expect(subscription.closed).toBe(true);
    const { enable } = await firstValueFrom(defer(() => board.at.exec(commands.tcpip.multipleConnectionsQuery)));
    const { passthrough } = await firstValueFrom(board.at.exec(commands.tcpip.transferModeQuery));
    expect([enable, passthrough]).toEqual([true, false]);
  }
  expect(board.sent.filter((line) => line === '+++').length).toBeGreaterThanOrEqual(3);
  await board.close();
}, 60_000);
