import { EMPTY, filter, NEVER } from 'rxjs';
import { type Advert, ble, type GattTree, restart } from '../../lib/index.js';
import * as commands from '../../lib/commands/ble.js';
import { bleWorld, bytesOf, clientMac, dialects, serverMac, synchronised, textOf } from './bleHarness.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { advertise, centralWorld, connected, discovered, failure, indicate, notify, only } from './bleCentralHarness.js';

const shape = ({ services }: GattTree): readonly unknown[] =>
  services.map(({ uuid, primary, characteristics }) => [uuid, primary, characteristics.map((found) => [found.uuid, found.properties.join(' '), found.descriptors.map((below) => below.uuid).join(' ')].join('|'))]);

describe.each(dialects)('the role in %s', (firmware) => {
  it('is initialised once for all who use it, and switched off by the last', () => {
    const world = bleWorld(firmware);
    const { at, sent } = world.module({ bleMac: clientMac });
    const [first, second] = [observed(ble.central(at)), observed(ble.central(at))];
    world.run();
    expect([first.values.length, second.values.length, sent]).toEqual([1, 1, ['AT+BLEINIT=1']]);
    const third = observed(ble.central(at));
    expect(third.values).toHaveLength(1);
    first.leave();
    second.leave();
    world.run();
    expect(sent).toEqual(['AT+BLEINIT=1']);
    third.leave();
    world.run();
    expect(sent).toEqual(['AT+BLEINIT=1', 'AT+BLEINIT=0']);
    const central = first.values[0];
    expect(failure(observed(central?.scan() ?? EMPTY).error)).toEqual(['usage', 'role']);
    const again = observed(ble.central(at));
    world.run();
    expect([again.values.length, sent.slice(2)]).toEqual([1, ['AT+BLEINIT=1']]);
  });

  it('is refused before a byte is sent while another one stands, until the restart', () => {
    const world = bleWorld(firmware);
    const { at, sent } = world.module({ bleMac: clientMac });
    const client = observed(ble.central(at));
    expect(failure(observed(ble.peripheral(at)).error)).toEqual(['usage', 'role']);
    expect(failure(observed(ble.hid(at)).error)).toEqual(['usage', 'role']);
    world.run();
    client.leave();
    world.run();
    expect(failure(observed(ble.peripheral(at)).error)).toEqual(['usage', 'role']);
    expect(sent).toEqual(['AT+BLEINIT=1', 'AT+BLEINIT=0']);
    const restarted = observed(restart(at));
    world.run(10_000);
    expect(restarted.completed).toBe(true);
    const server = observed(ble.peripheral(at));
    world.run();
    expect([server.values.length, server.error]).toEqual([1, undefined]);
    expect(failure(observed(ble.central(at)).error)).toEqual(['usage', 'role']);
  });

  it('comes back after a restart, and what hung on it has ended', () => {
    const world = connected(firmware);
    const { client, central, role, log } = world;
    const scans: Observed<Advert>[] = [];
    client.at.events.pipe(filter(({ name }) => name === 'ready')).subscribe(() => scans.push(observed(central.scan({ duration: 500 }))));
    client.board.reset();
    world.run(10_000);
    const [waiting] = scans;
    expect(failure(log.error)).toEqual(['module', 'reset']);
    expect(role.values).toEqual([central, central]);
    expect([waiting?.completed, waiting?.error]).toEqual([true, undefined]);
    expect(client.sent.filter((line) => line.startsWith('AT+BLE')).slice(-3)).toEqual(['AT+BLEINIT=1', 'AT+BLESCAN=1', 'AT+BLESCAN=0']);
    world.serve(advertise);
    const again = observed(central.connect(serverMac));
    world.run();
    expect(again.values).toHaveLength(1);
  });
});

describe.each(dialects)('scanning in %s', (firmware) => {
  it('tells adverts with their data, for a while, filtered here and there', () => {
    const world = centralWorld(firmware);
    const { client, central } = world;
    world.serve((at) => at.exec(commands.advertise, { name: 'lamp', uuid: 'A002', manufacturer: 'E502AB', includePower: true }));
    client.sent.length = 0;
    const all = observed(central.scan({ duration: 1500 }));
    expect(failure(observed(central.scan()).error)).toEqual(['usage', 'second-scan']);
    world.run(3000);
    expect(all.completed).toBe(true);
    expect(all.values.length).toBeGreaterThan(20);
    const [heard] = all.values;
    expect(heard).toMatchObject({ address: serverMac, addressType: 'public', data: { name: 'lamp', nameComplete: true, services: ['A002'], txPower: 3, flags: ['general-discoverable', 'no-br-edr'] } });
    expect(heard?.data.manufacturer).toEqual([{ company: 0x02e5, data: Uint8Array.of(0xab) }]);
    expect(client.sent).toEqual(['AT+BLESCAN=1', 'AT+BLESCAN=0']);
    const named = [{ name: 'lamp' }, { name: 'lam' }, { service: '0000a002-0000-1000-8000-00805f9b34fb' }, { service: 'A003' }, { rssi: -60 }, { rssi: -20 }].map((options) => {
      const log = observed(central.scan({ duration: 500, ...options }));
      world.run();
      return log.values.length > 0;
    });
    expect(named).toEqual([true, false, true, false, true, false]);
    client.sent.length = 0;
    const one = observed(central.scan({ address: serverMac.toUpperCase(), parameters: { active: false, interval: 40, window: 20 } }));
    world.run();
    expect(one.values.length).toBeGreaterThan(3);
    one.leave();
    world.run();
    const seen = one.values.length;
    world.run();
    expect([one.values.length, client.sent]).toEqual([seen, ['AT+BLESCANPARAM=0,0,0,64,32', `AT+BLESCAN=1,0,1,"${serverMac.toUpperCase()}"`, 'AT+BLESCAN=0']]);
    synchronised(world, client);
  });

  it('takes nothing it cannot do', () => {
    const { client, central } = centralWorld(firmware);
    client.sent.length = 0;
    const faults = [{ address: 'lamp' }, { duration: 0 }, { parameters: { interval: 20, window: 30 } }].map((options) => failure(observed(central.scan(options)).error));
    expect(faults).toEqual([['usage', 'address'], ['usage', 'duration'], ['usage', 'window']]);
    expect(client.sent).toEqual([]);
  });
});

describe.each(dialects)('a connection in %s', (firmware) => {
  it('lasts as long as its subscription', () => {
    const world = connected(firmware);
    const { central, log, connection, client } = world;
    expect([connection.connection, connection.address]).toEqual([0, serverMac]);
    const links = observed(central.events);
    client.sent.length = 0;
    log.leave();
    expect(failure(observed(connection.discover()).error)).toEqual(['link', 'closed']);
    world.run();
    expect(client.sent).toEqual(['AT+BLEDISCONN=0']);
    expect(links.values).toEqual([{ event: 'disconnected', connection: 0, address: serverMac }]);
    world.serve(advertise);
    // Left and wanted again at once: the number is free when the module has said so.
    const first = observed(central.connect(serverMac));
    world.run();
    first.leave();
    const second = observed(central.connect(serverMac));
    world.serve(advertise);
    world.run();
    expect([second.values.length, second.error]).toEqual([1, undefined]);
    world.role.leave();
    world.run();
    expect(client.sent.slice(-2)).toEqual(['AT+BLEDISCONN=0', 'AT+BLEINIT=0']);
    expect(failure(second.error)).toEqual(['link', 'closed']);
  });

  it('is a typed error where nobody answers, and one attempt waits for the other', () => {
    const world = centralWorld(firmware);
    const { central, client } = world;
    client.sent.length = 0;
    const [nobody, late] = [observed(central.connect('24:0a:c4:00:00:01', { timeout: 3000 })), observed(central.connect(serverMac))];
    const left = observed(central.connect('24:0a:c4:00:00:02'));
    left.leave();
    world.run(2000);
    expect(late.values).toHaveLength(0);
    world.run(5000);
    expect(failure(nobody.error)).toEqual(['link', 'refused']);
    expect(late.values).toHaveLength(1);
    expect(client.sent).toEqual(['AT+BLECONN?', 'AT+BLECONN=0,"24:0a:c4:00:00:01",,3', 'AT+BLECONN?', `AT+BLECONN=0,"${serverMac}",,30`]);
    expect([observed(central.connect('x')), observed(central.connect(serverMac, { timeout: 1 }))].map(({ error }) => failure(error))).toEqual([['usage', 'address'], ['usage', 'timeout']]);
    const full = observed(central.connect(serverMac, { timeout: 3000 }));
    world.run(5000);
    expect(failure(full.error)).toEqual(firmware === '2.1.0' ? ['link', 'none-free'] : ['link', 'refused']);
    synchronised(world, client);
  });

  it('an attempt that nobody wants any more is undone', () => {
    const world = centralWorld(firmware);
    const log = observed(world.central.connect(serverMac));
    world.run(20);
    log.leave();
    world.run();
    expect(world.client.sent.slice(-1)).toEqual(['AT+BLEDISCONN=0']);
    expect([log.values, log.error]).toEqual([[], undefined]);
    synchronised(world, world.client);
  });

  it('has an MTU, packets and parameters', () => {
    const world = connected(firmware);
    const { connection, client } = world;
    const changes = observed(connection.events);
    const logs = [connection.mtu(), connection.mtu(185), connection.mtu(), connection.dataLength(251)].map((source) => {
      const log = observed<unknown>(source);
      world.run();
      expect(log.completed).toBe(true);
      return log.values;
    });
    expect(logs).toEqual([[23], [185], [185], []]);
    expect(failure(observed(connection.mtu(5)).error)).toEqual(['usage', 'parameter']);
    expect(changes.values).toEqual([{ event: 'mtu', mtu: 185 }]);
    synchronised(world, client);
  });

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

  it('a slow subscriber has a bounded queue of its own', () => {
    const world = discovered(firmware);
    const told = only(world.tree.characteristic('A002', 'C305', 'notify'));
    const slow = (['error', 'drop-oldest', 'drop-newest'] as const).map((overflow) => observed(told.notifications({ queueLimit: 2, overflow, demand: NEVER })));
    const fast = observed(told.notifications());
    world.run();
    world.serve(notify('1'), notify('2'));
    expect(slow.map(({ error }) => error)).toEqual([undefined, undefined, undefined]);
    world.serve(notify('3'));
    expect(failure(slow[0]?.error)).toEqual(['link', 'overflow']);
    expect(fast.values.map(textOf)).toEqual(['1', '2', '3']);
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
