import { EMPTY, filter, Subject } from 'rxjs';
import { type Advert, ble, restart } from '../../lib/index.js';
import * as commands from '../../lib/commands/ble.js';
import { bleWorld, bytesOf, clientMac, dialects, done, serverMac, steps, synchronised } from './bleHarness.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { advertise, centralWorld, connected, failure, saying } from './bleCentralHarness.js';

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

describe.each(dialects)('what another host has left behind in %s', (firmware) => {
  it('the same role is taken over, the other one is an error that names it', () => {
    const world = bleWorld(firmware);
    const [same, other] = [world.module({ bleMac: clientMac }), world.module({ bleMac: serverMac })];
    done(world, same, steps.client);
    done(world, other, (at) => at.exec(commands.init, { role: 'server' }));
    const [taken, refused] = [observed(ble.central(same.at)), observed(ble.central(other.at))];
    world.run();
    expect(taken.values).toHaveLength(1);
    expect(failure(refused.error)).toEqual(['usage', 'role']);
    expect(other.sent).toEqual(['AT+BLEINIT=2', 'AT+BLEINIT=1', 'AT+BLEINIT?']);
    // The peripheral is not kept away by the central that there was not.
    const server = observed(ble.peripheral(other.at));
    world.run();
    expect([server.values.length, server.error]).toEqual([1, undefined]);
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

  it('takes adverts that are as strong as wanted, and none that are weaker', () => {
    const injected = new Subject<Uint8Array>();
    const world = centralWorld(firmware, {}, saying(injected));
    const heard = observed(world.central.scan({ rssi: -90 }));
    world.run(500);
    for (const rssi of [-89, -90, -91]) injected.next(bytesOf(`+BLESCAN:"24:0a:c4:00:00:77",${String(rssi)},020106,,0\r\n`));
    expect(heard.values.filter(({ address }) => address.endsWith('77')).map(({ rssi }) => rssi)).toEqual([-89, -90]);
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

  it('a restart in the middle of an attempt ends it, and the next one is not held up', () => {
    const world = centralWorld(firmware);
    const log = observed(world.central.connect('24:0a:c4:00:00:01'));
    world.run(1000);
    world.client.board.reset();
    world.run(10_000);
    expect(failure(log.error)).toEqual(['module', 'reset']);
    const next = observed(world.central.connect(serverMac));
    world.run();
    expect([next.values.length, next.error]).toEqual([1, undefined]);
  });

  it('ends with the module', () => {
    const { client, run, connection, log, role } = connected(firmware);
    const told = observed(connection.events);
    client.close();
    run();
    expect([log, told].map(({ error }) => failure(error))).toEqual([['module', 'closed'], ['module', 'closed']]);
    expect(role.completed).toBe(true);
  });

  it('tells what changes, in ms, of itself only', () => {
    const injected = new Subject<Uint8Array>();
    const world = connected(firmware, undefined, undefined, saying(injected));
    const changes = observed(world.connection.events);
    for (const line of ['+BLECONNPARAM:0,24,40,32,4,500', '+BLECONNPARAM:1,24,40,32,4,500', '+BLECONNPARAM:0,-1', '+BLECFGMTU:0,-1', '+SRV_CHG:0', '+SRV_CHG:1']) injected.next(bytesOf(`${line}\r\n`));
    expect(changes.values).toEqual([
      { event: 'parameters', interval: 40, latency: 4, timeout: 5000 },
      { event: 'parameters', interval: undefined, latency: undefined, timeout: undefined },
      { event: 'mtu', mtu: undefined },
      { event: 'services-changed' },
    ]);
    const asked = observed(world.connection.mtu(200));
    injected.next(bytesOf('+BLECFGMTU:0,-1\r\n'));
    expect(failure(asked.error)).toEqual(['link', 'refused']);
    world.run();
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
});
