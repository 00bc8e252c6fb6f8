import { concat, map, NEVER, type Observable } from 'rxjs';
import { bt, type SppSocket } from '../../lib/index.js';
import * as commands from '../../lib/commands/bt.js';
import type { Transport } from '../../lib/transport.js';
import { pullMap } from '../../operators/index.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { failure } from './bleCentralHarness.js';
import { bleWorld, bytesOf, dialects, textOf } from './bleHarness.js';
import { btWorld, calling, ended, joined, masterMac, slaveMac, synchronised } from './btHarness.js';
import { shuffled } from './transparentHarness.js';

/** What is read, as long as somebody reads. */
const reading = (socket: SppSocket): { readonly got: () => Uint8Array; readonly log: Observed<unknown> } => {
  const got: Uint8Array[] = [];
  const log = observed(pullMap((chunk: Uint8Array) => (got.push(chunk.slice()), []))(socket));
  return { got: () => Buffer.concat(got), log };
};

const source = (bytes: Uint8Array) => {
  let at = 0;
  return {
    read: (max = 4096): Observable<Uint8Array> => {
      const chunk = bytes.subarray(at, (at += Math.min(max, 4096)));
      return concat(chunk.length === 0 ? [] : [chunk]);
    },
  };
};

describe.each(dialects)('SPP of %s', (firmware) => {
  it('connects master and slave, sends by the prompt, and gives everything back', () => {
    const world = joined(btWorld(firmware));
    const { master, slave, here, there, connecting, waiting } = world;
    expect([here.address, there.address]).toEqual([slaveMac, masterMac]);
    expect(slave.sent).toEqual(['AT+BTINIT=1', 'AT+BTSPPINIT=2', 'AT+BTSCANMODE=2', 'AT+BTSPPSTART']);
    expect(master.sent).toEqual(['AT+BTINIT=1', 'AT+BTSPPINIT=1', `AT+BTSPPCONN=0,0,"${slaveMac}"`]);
    const [toSlave, toMaster] = [reading(there), reading(here)];
    for (const text of ['te\r\nOK\r\n\0"st', '+BTDATA:3,abc\r\n', '>']) {
      ended(world, here.send(bytesOf(text)));
      ended(world, there.send(bytesOf(text)));
    }
    expect([toSlave, toMaster].map(({ got }) => textOf(got()))).toEqual(Array(2).fill('te\r\nOK\r\n\0"st+BTDATA:3,abc\r\n>'));
    connecting.leave();
    world.run(1000);
    expect(master.sent.slice(-3)).toEqual(['AT+BTSPPDISCONN=0', 'AT+BTSPPINIT=0', 'AT+BTINIT=0']);
    // The other end's line has ended, and it waits for the next.
    expect([toSlave.log.completed, waiting.completed, waiting.error]).toEqual([true, false, undefined]);
    const again = observed(bt.spp.connect(master.at, { address: slaveMac.toUpperCase() }));
    world.run(3000);
    expect([again.values.length, waiting.values.length]).toEqual([1, 2]);
    ended(world, waiting.values[1]?.end() ?? NEVER);
    expect(again.completed || again.error === undefined).toBe(true);
    waiting.leave();
    world.run(1000);
    expect(slave.sent.slice(-3)).toEqual(['AT+BTSPPDISCONN=0', 'AT+BTSPPINIT=0', 'AT+BTINIT=0']);
    synchronised(world, master, slave);
  });

  it.each([['by the prompt', {}], ['raw', { raw: true }]])('1 MB of anything goes there and back: %s', (_, ways) => {
    const world = joined(btWorld(firmware), ways, ways);
    const bytes = shuffled(1_048_576, seeded(9));
    const [back, there] = [reading(world.here), reading(world.there)];
    for (const [from, to] of [[world.here, there], [world.there, back]] as const) {
      const sending = observed(from.send(source(bytes)));
      world.run(600_000);
      expect([sending.completed, sending.error, sending.values.at(-1)]).toEqual([true, undefined, { sent: bytes.length }]);
      expect(Buffer.compare(to.got(), bytes)).toBe(0);
    }
    expect([...world.master.violations, ...world.slave.violations]).toEqual([]);
  }, 60_000);

  it.each([['by the prompt', {}], ['raw', { raw: true }]])('bytes go both ways at once: %s', (_, ways) => {
    const world = joined(btWorld(firmware), ways, ways);
    const bytes = [shuffled(200_000, seeded(1)), shuffled(200_000, seeded(2))] as const;
    const got = [reading(world.there), reading(world.here)] as const;
    const sending = [world.here, world.there].map((socket, index) => observed(socket.send(source(bytes[index === 0 ? 0 : 1]))));
    world.run(300_000);
    expect(sending.map(({ completed, error }) => [completed, error])).toEqual([[true, undefined], [true, undefined]]);
    expect(got.map((read, index) => Buffer.compare(read.got(), bytes[index === 0 ? 0 : 1]))).toEqual([0, 0]);
  }, 60_000);

  it('raw: an echo gives 1 MB back, at the pace of its reader', () => {
    const world = joined(btWorld(firmware), { raw: true }, { raw: true });
    const bytes = shuffled(1_048_576, seeded(9));
    const back = reading(world.here);
    observed(world.there.send(world.there));
    const sending = observed(world.here.send(source(bytes)));
    world.run(900_000);
    expect([sending.completed, sending.error]).toEqual([true, undefined]);
    expect(Buffer.compare(back.got(), bytes)).toBe(0);
  }, 60_000);

  it('raw: others wait, +++ is data, and it is left by end()', () => {
    const world = joined(btWorld(firmware), {}, { raw: true });
    const { master, slave, here, there, connecting } = world;
    const [toSlave, toMaster] = [reading(there), reading(here)];
    const other = observed(master.at.exec(commands.nameQuery));
    ended(world, here.send(bytesOf('+++')));
    ended(world, here.send(bytesOf('AT+GMR\r\n')));
    ended(world, there.send(bytesOf('\r\n+QUITT\r\n')));
    expect([textOf(toSlave.got()), textOf(toMaster.got()), other.completed]).toEqual(['+++AT+GMR\r\n', '\r\n+QUITT\r\n', false]);
    ended(world, here.end(), 10_000);
    expect([connecting.completed, connecting.error, other.completed]).toEqual([true, undefined, true]);
    expect(master.sent.filter((line) => line.startsWith('AT+BTSPP')).slice(-4)).toEqual(['AT+BTSPPSEND', 'AT+BTSPPCONN?', 'AT+BTSPPDISCONN=0', 'AT+BTSPPINIT=0']);
    expect(toSlave.log.completed).toBe(true);
    synchronised(world, master, slave);
  });

  it('raw: a connection that was lost is found when it is left', () => {
    const world = joined(btWorld(firmware), {}, { raw: true });
    world.air.place(slaveMac, { x: 1000, y: 0 });
    world.run(30_000);
    expect(world.connecting.error).toBe(undefined);
    ended(world, world.here.end(), 10_000);
    expect(failure(world.connecting.error)).toEqual(['link', 'lost']);
    synchronised(world, world.master, world.slave);
  });

  it('raw: can be left at any moment', () => {
    for (const delay of [0, 1, 5, 200, 400, 600, 700, 800, 1200]) {
      const world = calling(btWorld(firmware), { raw: true }, { raw: true });
      world.run(delay);
      world.connecting.leave();
      world.run(20_000);
      expect(world.master.sent.at(-1)).toBe('AT+BTINIT=0');
      world.waiting.leave();
      world.run(20_000);
      expect(world.slave.sent.at(-1)).toBe('AT+BTINIT=0');
      synchronised(world, world.master, world.slave);
    }
  });

  it('says so where nobody answers, and refuses a second one before a byte is sent', () => {
    const world = btWorld(firmware);
    const none = observed(bt.spp.connect(world.master.at, { address: slaveMac }));
    world.run(10_000);
    expect(failure(none.error)).toEqual(['link', 'refused']);
    expect(world.master.sent.slice(-2)).toEqual(['AT+BTSPPINIT=0', 'AT+BTINIT=0']);
    const met = joined(world);
    world.master.sent.length = 0;
    world.slave.sent.length = 0;
    for (const [at, source] of [
      ['second-connection', bt.spp.connect(world.master.at, { address: slaveMac })],
      ['role', bt.spp.listen(world.master.at)],
      ['role', bt.spp.connect(world.slave.at, { address: masterMac })],
      ['second-listener', bt.spp.listen(world.slave.at)],
      ['address', bt.spp.connect(world.master.at, { address: 'somebody' })],
      ['queueLimit', bt.spp.connect(world.master.at, { address: slaveMac, queueLimit: 0 })],
      ['queueLimit', bt.spp.listen(world.master.at, { queueLimit: 0.5 })],
    ] as const) expect([at, failure(observed<SppSocket>(source).error)]).toEqual([at, ['usage', at]]);
    world.run(1000);
    expect([world.master.sent, world.slave.sent, met.connecting.error]).toEqual([[], [], undefined]);
  });

  it('a loss in the middle of a send is a typed error, and the line is in order', () => {
    for (const [delay, lose] of [[50, 'away'], [400, 'away'], [50, 'closed'], [120, 'closed'], [50, 'reset']] as const) {
      const world = joined(btWorld(firmware));
      const { master, slave, here, there, connecting } = world;
      const got = reading(there);
      const sending = observed(here.send(source(shuffled(200_000, seeded(3)))));
      world.run(delay);
      if (lose === 'away') world.air.place(slaveMac, { x: 1000, y: 0 });
      else if (lose === 'closed') observed(there.end());
      else slave.board.reset();
      world.run(60_000);
      expect([lose, ...failure(sending.error)]).toEqual([lose, 'link', 'closed']);
      expect((sending.error as { details: { accepted: number } }).details.accepted).toBeLessThanOrEqual(200_000);
      // What it has of it is the beginning.
      expect(Buffer.compare(got.got(), shuffled(200_000, seeded(3)).subarray(0, got.got().length))).toBe(0);
      const reader = observed(here.read());
      expect([reader.completed, reader.error]).toEqual([true, undefined]);
      expect(connecting.completed).toBe(true);
      synchronised(world, master, slave);
    }
  });

  it('what is not read holds the port, or fails typed', () => {
    for (const overflow of ['hold', 'error'] as const) {
      const world = joined(btWorld(firmware), { overflow, queueLimit: 20_000 });
      const bytes = shuffled(60_000, seeded(5));
      const sending = observed(world.here.send(source(bytes)));
      world.run(10_000);
      expect([sending.completed, sending.error !== undefined]).toEqual([false, overflow === 'error']);
      const first = observed(world.there.read());
      if (overflow === 'error') {
        expect(first.error === undefined || failure(first.error)[1] === 'overflow').toBe(true);
        const rest = reading(world.there);
        expect(failure(rest.log.error)).toEqual(['link', 'overflow']);
        expect(rest.got().length).toBeLessThanOrEqual(20_000);
      } else {
        const rest = reading(world.there);
        world.run(30_000);
        expect(Buffer.compare(Buffer.concat([...(first.values), rest.got()]), bytes)).toBe(0);
        expect(sending.completed).toBe(true);
      }
      synchronised(world, world.master, world.slave);
    }
  });

  it('a restart ends a line as module/reset; the slave waits again', () => {
    const world = joined(btWorld(firmware), { name: 'lamp' });
    const { master, slave, here, there, connecting, waiting } = world;
    slave.sent.length = 0;
    slave.board.reset();
    const reader = observed(there.read());
    world.run(5000);
    expect(failure(reader.error)).toEqual(['module', 'reset']);
    expect([waiting.completed, waiting.error]).toEqual([false, undefined]);
    expect(slave.sent.slice(-5)).toEqual(['AT+BTINIT=1', 'AT+BTSPPINIT=2', 'AT+BTNAME="lamp"', 'AT+BTSCANMODE=2', 'AT+BTSPPSTART']);
    world.run(30_000);
    expect([connecting.completed, observed(here.read()).completed]).toEqual([true, true]);
    const again = observed(bt.spp.connect(master.at, { address: slaveMac }));
    world.run(3000);
    expect([again.values.length, waiting.values.length]).toEqual([1, 2]);
    const unread = observed(again.values[0]?.read() ?? NEVER);
    master.board.reset();
    world.run(5000);
    expect([failure(unread.error), failure(again.error)]).toEqual([['module', 'reset'], ['module', 'reset']]);
    synchronised(world, master, slave);
  });

  it('raw: a restart is found when it is left, on either side', () => {
    for (const who of ['master', 'slave'] as const) {
      const world = joined(btWorld(firmware), { raw: true }, { raw: true });
      const socket = who === 'master' ? world.here : world.there;
      const { log } = reading(socket);
      world[who].board.reset();
      world.run(5000);
      ended(world, socket.end(), 30_000);
      world.run(5000);
      expect([who, ...failure(log.error)]).toEqual([who, 'module', 'reset']);
      if (who === 'master') expect(world.connecting.error).toBe(log.error);
      if (who === 'slave') expect(world.slave.sent.slice(-4)).toEqual(['AT+BTINIT=1', 'AT+BTSPPINIT=2', 'AT+BTSCANMODE=2', 'AT+BTSPPSTART']);
      expect(world.waiting.error).toBe(undefined);
      synchronised(world, world[who]);
    }
  });

  it('can be left at any moment', () => {
    for (let delay = 0; delay < 1000; delay += 45) {
      const world = calling(btWorld(firmware));
      world.run(delay);
      world.connecting.leave();
      const next = observed(bt.spp.connect(world.master.at, { address: slaveMac }));
      world.run(5000);
      // It waited until the first one was given back.
      expect([delay, next.error, next.values.length]).toEqual([delay, undefined, 1]);
      next.leave();
      world.waiting.leave();
      world.run(2000);
      expect([world.master.sent.at(-1), world.slave.sent.at(-1)]).toEqual(['AT+BTINIT=0', 'AT+BTINIT=0']);
      synchronised(world, world.master, world.slave);
    }
  });

  it('a send that is left stops at a slice; sends queue', () => {
    const world = joined(btWorld(firmware));
    const got = reading(world.there);
    const first = observed(world.here.send(shuffled(50_000, seeded(4))));
    const second = observed(world.here.send(bytesOf('after')));
    world.run(60);
    first.leave();
    world.run(2000);
    expect([second.completed, textOf(got.got()).endsWith('after'), got.got().length < 50_000]).toEqual([true, true, true]);
    expect(failure(observed(world.here.send(bytesOf('x'), { bulk: 1 })).error)).toEqual(['unsupported', 'option']);
    ended(world, world.here.end());
    expect(failure(observed(world.here.send(bytesOf('x'))).error)).toEqual(['link', 'closed']);
    synchronised(world, world.master, world.slave);
  });

  it('ends with the module', () => {
    const world = joined(btWorld(firmware));
    const [reader, waiter] = [observed(world.here.read()), observed(world.there.read())];
    world.slave.close();
    world.master.close();
    world.run(5000);
    expect([reader, waiter].map(({ error }) => failure(error)[0])).toEqual(['module', 'module']);
    expect(world.connecting.completed || world.connecting.error !== undefined).toBe(true);
  });

  it('a port that cannot be held, and a socket that sends itself: a full queue is a typed error', () => {
    const world = bleWorld(firmware);
    const deaf = (module: Transport): Transport => ({
      open: () => module.open().pipe(map(({ incoming, write }) => ({ incoming, write }))),
    });
    const met = joined({ ...world, master: world.module({ bleMac: masterMac }), slave: world.module({ bleMac: slaveMac, seed: 2 }, deaf) }, { queueLimit: 20_000 });
    observed(met.here.send(source(shuffled(60_000, seeded(5)))));
    met.run(10_000);
    expect(failure(reading(met.there).log.error)).toEqual(['link', 'overflow']);
    synchronised(met, met.master, met.slave);
    const busy = joined(btWorld(firmware), { queueLimit: 5000 });
    const [flood, echo] = [observed(busy.here.send(source(shuffled(500_000, seeded(6))))), observed(busy.there.send(busy.there))];
    reading(busy.here);
    busy.run(100_000);
    expect([failure(echo.error)[0], failure(flood.error)]).toEqual(['link', ['link', 'closed']]);
    synchronised(busy, busy.master, busy.slave);
  });
});
