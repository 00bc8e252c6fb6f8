import { map, NEVER, Subject } from 'rxjs';
import type { GattTree } from '../../lib/index.js';
import * as commands from '../../lib/commands/ble.js';
import { bytesOf, dialects, done, serverMac, synchronised, textOf } from './bleHarness.js';
import { observed } from '../support/joinedModule.js';
import { connected, discovered, failure, indicate, notify, only, started } from './bleCentralHarness.js';

const shape = ({ services }: GattTree): readonly unknown[] =>
  services.map(({ uuid, primary, characteristics }) => [uuid, primary, characteristics.map((found) => [found.uuid, found.properties.join(' '), found.descriptors.map((below) => below.uuid).join(' ')].join('|'))]);

describe.each(dialects)('what a peer offers in %s', (firmware) => {
  it('shows what the peer offers, reads and writes it', () => {
    const world = discovered(firmware);
    const { tree, client, server } = world;
    expect(shape(tree).slice(2)).toEqual([
      ['A002', true, ['C300|read|2901', 'C301|read|2901', 'C302|write|2901', 'C303|write-without-response|2901', 'C304|write|', 'C305|notify|2902', 'C306|indicate|2902']],
    ]);
    expect(tree.services.map(({ uuid }) => uuid)).toEqual(['1801', '1800', 'A002']);
    const log = <T>(source: Parameters<typeof observed<T>>[0]) => {
      const found = observed(source);
      world.run();
      return found;
    };
    const readable = only(tree.characteristic('A002', '0xc300', 'read'));
    const acknowledged = only(tree.characteristic('a002', 'C302', 'write'));
    const bold = only(tree.characteristic('A002', 'C303', 'write-without-response'));
    world.serve((at) => at.exec(commands.setAttribute, { service: 1, characteristic: 1, length: 9 }, { data: bytesOf('\r\nOK\r\n>\0\xff') }));
    expect(log(readable.read()).values.map(textOf)).toEqual(['\r\nOK\r\n>\0\xff']);
    expect(log(readable.descriptors[0]?.read() ?? NEVER).values.map(textOf)).toHaveLength(1);
    for (const target of [acknowledged, bold]) expect(log(target.write(bytesOf('\r\nERROR\r\n'))).completed).toBe(true);
    expect(server.trace.filter((line) => line.startsWith('+WRITE'))).toEqual(['+WRITE:0,1,3,,9<9 bytes>', '+WRITE:0,1,4,,9<9 bytes>']);
    expect(failure(log(acknowledged.write(new Uint8Array())).error)).toEqual(['usage', 'parameter']);
    expect(failure(log(acknowledged.write(new Uint8Array(513))).error)).toEqual(['usage', 'parameter']);
    client.sent.length = 0;
    for (const [service, uuid] of [['A002', 'C399'], ['A003', 'C300']] as const) expect(failure(log(tree.characteristic(service, uuid)).error)).toEqual(['unsupported', 'attribute']);
    expect(failure(log(tree.characteristic('A002', 'C300', 'notify')).error)).toEqual(['unsupported', 'property']);
    const untyped = readable as unknown as Pick<typeof acknowledged, 'write'>;
    expect(failure(log(untyped.write(bytesOf('x'))).error)).toEqual(['unsupported', 'property']);
    expect(client.sent).toEqual([]);
    synchronised(world, client, server);
  });

  it('looks into what it is asked for only', () => {
    const world = connected(firmware);
    world.client.sent.length = 0;
    const log = observed(world.connection.discover({ services: ['a002'], included: false }));
    world.run();
    expect(log.values[0]?.services.map(({ uuid }) => uuid)).toEqual(['A002']);
    expect(world.client.sent).toEqual(['AT+BLEGATTCPRIMSRV=0', 'AT+BLEGATTCCHAR=0,3']);
  });
});

describe.each(dialects)('values that come unasked in %s', (firmware) => {
  it('two subscribers cause one writing of the descriptor, the last to leave one more', () => {
    const world = discovered(firmware);
    const { tree, client } = world;
    const told = only(tree.characteristic('A002', 'C305', 'notify'));
    const [first, second] = [observed(told.notifications()), observed(told.notifications())];
    world.run();
    expect(client.sent.filter((line) => line.startsWith('AT'))).toEqual(['AT+BLEGATTCWR=0,3,6,1,2']);
    world.serve(notify('\r\nOK\r\n'), notify('>'), notify('\0'));
    expect(first.values.map(textOf)).toEqual(['\r\nOK\r\n', '>', '\0']);
    expect(second.values).toEqual(first.values);
    first.leave();
    world.run();
    const third = observed(told.notifications());
    world.run();
    expect(client.sent.filter((line) => line.startsWith('AT'))).toHaveLength(1);
    second.leave();
    third.leave();
    world.run();
    expect(client.sent.filter((line) => line.startsWith('AT'))).toEqual(['AT+BLEGATTCWR=0,3,6,1,2', 'AT+BLEGATTCWR=0,3,6,1,2']);
    const refused = observed(notify('x')(world.server.at));
    world.run();
    expect(failure(refused.error)).toEqual(['command', 'rejected']);
    synchronised(world, client, world.server);
  });

  it('subscribed, left and subscribed again while the descriptor is written: the last wish holds', () => {
    const world = discovered(firmware);
    const told = only(world.tree.characteristic('A002', 'C306', 'indicate'));
    const first = observed(told.indications());
    world.run(10);
    first.leave();
    const second = observed(told.indications());
    world.run();
    world.serve(indicate('one'));
    expect(second.values.map(textOf)).toEqual(['one']);
    second.leave();
    const third = observed(told.indications());
    world.run();
    world.serve(indicate('two'));
    expect(third.values.map(textOf)).toEqual(['two']);
    expect(world.client.sent.filter((line) => line.startsWith('AT')).length).toBeLessThanOrEqual(3);
  });

  it('a descriptor that cannot be written is an error to all who wait for it, and to nobody later', () => {
    const world = discovered(firmware);
    const told = only(world.tree.characteristic('A002', 'C305', 'notify'));
    // What is not looked into again cannot be used.
    const narrow = observed(world.connection.discover({ services: ['1800'] }));
    world.run();
    expect(narrow.completed).toBe(true);
    const logs = [observed(told.notifications()), observed(told.notifications())];
    world.run();
    expect(logs.map(({ error }) => failure(error))).toEqual([['command', 'rejected'], ['command', 'rejected']]);
    observed(world.connection.discover());
    world.run();
    const again = observed(told.notifications());
    world.run();
    world.serve(notify('x'));
    expect(again.values.map(textOf)).toEqual(['x']);
  });

  it('a slow subscriber has a bounded queue of its own', () => {
    const world = discovered(firmware);
    const told = only(world.tree.characteristic('A002', 'C305', 'notify'));
    const demand = new Subject<number>();
    const slow = (['error', 'drop-oldest', 'drop-newest'] as const).map((overflow) => observed(told.notifications({ queueLimit: 2, overflow, demand })));
    const fast = observed(told.notifications());
    world.run();
    world.serve(notify('1'), notify('2'));
    expect(slow.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    world.serve(notify('3'));
    expect(failure(slow[0]?.error)).toEqual(['link', 'overflow']);
    expect(fast.values.map(textOf)).toEqual(['1', '2', '3']);
    demand.next(9);
    expect(slow.map(({ values }) => values.map(textOf))).toEqual([[], ['2', '3'], ['1', '2']]);
    expect(slow.slice(1).map(({ error }) => error)).toEqual([undefined, undefined]);
  });

  it('arrive inside the answers of other commands', () => {
    const world = discovered(firmware);
    const { tree, client, connection } = world;
    const told = only(tree.characteristic('A002', 'C305', 'notify'));
    const readable = only(tree.characteristic('A002', 'C300', 'read'));
    const log = observed(told.notifications());
    world.run();
    client.trace.length = 0;
    const reads = Array.from({ length: 20 }, () => observed(readable.read()));
    const discovery = observed(connection.discover());
    const telling = Array.from({ length: 40 }, (_, index) => observed(notify(`${index}\r\nOK\r\n`)(world.server.at)));
    world.run(20_000);
    expect(log.values.map(textOf)).toEqual(telling.map((_, index) => `${index}\r\nOK\r\n`));
    expect(reads.map(({ values }) => values.map(textOf))).toEqual(reads.map(() => ['0']));
    expect([discovery.completed, telling.every(({ completed }) => completed)]).toEqual([true, true]);
    // They did: a value stands between a command and its OK.
    const inside = client.trace.some((line, at) => line.startsWith('AT+BLEGATTC') && client.trace[at + 1]?.startsWith('+NOTIFY') === true);
    expect(inside).toBe(true);
    synchronised(world, client, world.server);
  });

  it('arrive between the rows of an answer, and the tree is the same', () => {
    let count = 0;
    const row = /\+BLEGATTC[A-Z]+:[^\r]*\r\n/g;
    const told = (found: string): string => {
      count += 1;
      return `${found}+NOTIFY:0,3,6,6,\r\nOK\r\n\r\n`;
    };
    const world = discovered(firmware, {}, (module) => ({
      open: () =>
        module.open().pipe(map((port) => ({ ...port, write: (bytes) => port.write(bytes), incoming: port.incoming.pipe(map((bytes) => bytesOf(textOf(bytes).replace(row, told)))) }))),
    }));
    const log = observed(only(world.tree.characteristic('A002', 'C305', 'notify')).notifications());
    world.run();
    const before = count;
    const again = observed(world.connection.discover());
    world.run();
    expect(again.values.map(shape)).toEqual([shape(discovered(firmware).tree)]);
    expect(count - before).toBeGreaterThan(20);
    expect(log.values.map(textOf)).toEqual(Array.from({ length: count - before }, () => '\r\nOK\r\n'));
    synchronised(world, world.client);
  });
});

describe.each(dialects)('the peer goes away in %s', (firmware) => {
  /** The server ends the connection by a restart; the client learns of it when the timeout has passed. */
  const gone = (world: ReturnType<typeof discovered>): void => {
    world.server.board.reset();
    world.run(10_000);
  };

  it.each(['discover', 'read', 'write', 'notifications', 'pair', 'mtu'] as const)('during %s: a typed error, and the line is in order', (what) => {
    const world = discovered(firmware);
    const { tree, connection, client, log } = world;
    const idle = observed(connection.events);
    const begin = {
      discover: () => connection.discover(),
      read: () => only(tree.characteristic('A002', 'C300', 'read')).read(),
      write: () => only(tree.characteristic('A002', 'C302', 'write')).write(bytesOf('x'.repeat(100))),
      notifications: () => only(tree.characteristic('A002', 'C305', 'notify')).notifications(),
      pair: () => connection.pair(),
      mtu: () => connection.mtu(100),
    };
    // Under way: the command is on the line, the answer is not.
    world.server.board.reset();
    const under = observed<unknown>(begin[what]());
    world.run(2000);
    expect([under.error, under.completed]).toEqual([undefined, false]);
    gone(world);
    for (const { error } of [under, idle, log]) expect(failure(error)).toEqual(['link', 'lost']);
    const later = [observed(connection.discover()), observed(connection.mtu())];
    expect(later.map(({ error }) => failure(error))).toEqual([['link', 'lost'], ['link', 'lost']]);
    synchronised(world, client);
    expect(client.sent.at(-1)).toBe('AT+BLEADDR?');
  });

  it('left in the middle: everything ends, and the disconnection follows what is on the line', () => {
    const world = discovered(firmware);
    const { tree, connection, client, log } = world;
    const logs = [
      only(tree.characteristic('A002', 'C302', 'write')).write(bytesOf('x'.repeat(100))),
      only(tree.characteristic('A002', 'C300', 'read')).read(),
      only(tree.characteristic('A002', 'C305', 'notify')).notifications(),
      connection.discover(),
    ].map((source) => observed<unknown>(source));
    world.run(2);
    log.leave();
    for (const { error } of logs) expect(failure(error)).toEqual(['link', 'closed']);
    world.run();
    expect(client.sent.filter((line) => line.startsWith('AT'))).toEqual(['AT+BLEGATTCWR=0,3,3,,100', 'AT+BLEDISCONN=0']);
    synchronised(world, client, world.server);
  });

  it('out of reach: the supervision timeout says so', () => {
    const world = discovered(firmware);
    const told = observed(only(world.tree.characteristic('A002', 'C305', 'notify')).notifications());
    world.run();
    world.air.place(serverMac, { x: 999, y: 0 });
    world.run(5000);
    expect(told.error).toBeUndefined();
    world.run(5000);
    expect([told, world.log].map(({ error }) => failure(error))).toEqual([['link', 'lost'], ['link', 'lost']]);
  });

  it('nothing is sent to whoever gets the number next', () => {
    const world = discovered(firmware);
    const told = only(world.tree.characteristic('A002', 'C305', 'notify'));
    const log = observed(told.notifications());
    world.run();
    gone(world);
    expect(failure(log.error)).toEqual(['link', 'lost']);
    world.client.sent.length = 0;
    expect(failure(observed(told.notifications()).error)).toEqual(['link', 'lost']);
    world.run();
    expect(world.client.sent).toEqual([]);
  });
});

test('three connections at a time since 2.2, each with its own values', () => {
  const world = discovered('4.1.0');
  const addresses = ['24:0a:c4:00:00:11', '24:0a:c4:00:00:12', '24:0a:c4:00:00:13'];
  const servers = addresses.map((bleMac) => {
    const server = world.module({ bleMac });
    done(world, server, ...started);
    return server;
  });
  const logs = addresses.map((address) => observed(world.central.connect(address, { timeout: 3000 })));
  world.run(5000);
  expect(logs.map(({ values: [made], error }) => made?.connection ?? failure(error))).toEqual([1, 2, ['link', 'none-free']]);
  const values = [world.connection, ...logs.flatMap(({ values: made }) => made)].map((connection) => {
    const tree = observed(connection.discover());
    world.run();
    const told = observed(only((tree.values[0] as GattTree).characteristic('A002', 'C305', 'notify')).notifications());
    world.run();
    return told;
  });
  [world.server, servers[0], servers[1]].forEach((server, index) => server && done(world, server, notify(`of ${index}`)));
  expect(values.map(({ values: [value] }) => value && textOf(value))).toEqual(['of 0', 'of 1', 'of 2']);
  logs[0]?.leave();
  world.run();
  // The others have not gone with it.
  expect([world.log, logs[1], values[0], values[2]].map((log) => log?.error)).toEqual([undefined, undefined, undefined, undefined]);
  done(world, world.server, notify('still'));
  expect(values.map(({ values: got }) => got.length)).toEqual([2, 1, 1]);
  const next = observed(world.central.connect('24:0a:c4:00:00:13'));
  world.run();
  expect(next.values[0]?.connection).toBe(1);
  synchronised(world, world.client);
});
