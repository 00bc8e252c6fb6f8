import { filter, map, Subject } from 'rxjs';
import type { Transport } from '../../lib/transport.js';
import { bytesOf, dialects, serverMac, synchronised } from './bleHarness.js';
import { observed } from '../support/joinedModule.js';
import { connected, failure, saying } from './bleCentralHarness.js';

/** What the module says is lost while the host is deaf. */
const hearing = (able: () => boolean) => (module: Transport): Transport => ({
  open: () => module.open().pipe(map((connection) => ({ ...connection, write: (bytes) => connection.write(bytes), incoming: connection.incoming.pipe(filter(able)) }))),
});

describe.each(dialects)('the parameters of a connection in %s', (firmware) => {
  it('are asked for, told to both sides, and in force', () => {
    const world = connected(firmware);
    const { connection, client } = world;
    const changes = observed(connection.events);
    client.sent.length = 0;
    const logs = [connection.parameters(), connection.parameters({ minInterval: 7.5, maxInterval: 15, latency: 1, timeout: 2000 }), connection.parameters(), connection.parameters({ minInterval: 100 })].map((source) => {
      const log = observed(source);
      world.run();
      expect([log.completed, log.error]).toEqual([true, undefined]);
      return log.values;
    });
    const [first, fast, slow] = [
      { interval: 30, latency: 0, timeout: 6000 },
      { interval: 15, latency: 1, timeout: 2000 },
      { interval: 100, latency: 0, timeout: 5000 },
    ];
    expect(logs).toEqual([[first], [fast], [fast], [slow]]);
    expect(client.sent).toEqual(['AT+BLECONNPARAM?', 'AT+BLECONNPARAM=0,6,12,1,200', 'AT+BLECONNPARAM?', 'AT+BLECONNPARAM=0,80,80,0,500']);
    expect(changes.values).toEqual([fast, slow].map((now) => ({ event: 'parameters', ...now })));
    expect(world.server.trace.filter((line) => line.startsWith('+BLECONNPARAM'))).toEqual(['+BLECONNPARAM:0,12,12,12,1,200', '+BLECONNPARAM:0,80,80,80,0,500']);
    synchronised(world, client, world.server);
  });

  it('that lose the connection, or are none, are refused before a byte is sent', () => {
    const { client, connection } = connected(firmware);
    client.sent.length = 0;
    const faults = [
      { minInterval: 5 },
      { minInterval: 4001 },
      { minInterval: 30, maxInterval: 20 },
      { minInterval: 30, latency: 500 },
      // Two events and what is slept through between them: 2 * (1 + 9) * 250 = 5000.
      { minInterval: 250, latency: 9, timeout: 5000 },
      { minInterval: 30, timeout: 32_010 },
    ].map((wanted) => failure(observed(connection.parameters(wanted)).error));
    expect(faults.map(([, code]) => code)).toEqual(['minInterval', 'minInterval', 'maxInterval', 'latency', 'timeout', 'timeout']);
    expect(new Set(faults.map(([kind]) => kind))).toEqual(new Set(['usage']));
    expect(client.sent).toEqual([]);
  });

  it('a refusal is an error, and those of the beginning are no answer', () => {
    const injected = new Subject<Uint8Array>();
    const world = connected(firmware, undefined, undefined, saying(injected));
    const { connection, client } = world;
    const say = (...lines: readonly string[]): void => lines.forEach((line) => injected.next(bytesOf(`${line}\r\n`)));
    // Out of reach: nobody agrees by himself.
    world.air.place(serverMac, { x: 999, y: 0 });
    const refused = observed(connection.parameters({ minInterval: 50 }));
    world.run(50);
    say('+BLECONNPARAM:0,0,0,24,0,500', '+BLECONNPARAM:1,-1');
    expect([refused.values, refused.error]).toEqual([[], undefined]);
    say('+BLECONNPARAM:0,-1');
    expect(failure(refused.error)).toEqual(['link', 'refused']);
    const lost = observed(connection.parameters({ minInterval: 60 }));
    world.run(10_000);
    expect(failure(lost.error)).toEqual(['link', 'lost']);
    synchronised(world, client);
  });

  it('where the module says nothing of the outcome, the query tells', () => {
    let deaf = false;
    const world = connected(firmware, undefined, undefined, hearing(() => !deaf));
    const asked = observed(world.connection.parameters({ minInterval: 50 }));
    world.run(10);
    deaf = true;
    world.run(1000);
    deaf = false;
    world.run(28_000);
    expect([asked.values, asked.completed]).toEqual([[], false]);
    world.run(2000);
    expect([asked.values, asked.completed]).toEqual([[{ interval: 50, latency: 0, timeout: 5000 }], true]);
    synchronised(world, world.client);
  });
});
