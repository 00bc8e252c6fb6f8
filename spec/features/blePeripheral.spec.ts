import { concat, mergeMap, NEVER, type Observable } from 'rxjs';
import { type AtModule, ble, isAtError, type Peripheral, type ServerCharacteristic } from '../../lib/index.js';
import * as commands from '../../lib/commands/ble.js';
import type { EmulatorConfig, FirmwareVersion } from '../../transports/emulator/index.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { bleWorld, type BleModule, type BleWorld, bytesOf, clientMac, dialects, done, serverMac, steps, synchronised, textOf } from './bleHarness.js';

interface Pair extends BleWorld {
  readonly server: BleModule;
  readonly client: BleModule;
  readonly seen: Observed<Peripheral>;
  readonly peripheral: Peripheral;
}

const pair = (firmware: FirmwareVersion, config: EmulatorConfig = {}): Pair => {
  const world = bleWorld(firmware);
  const server = world.module({ bleMac: serverMac, ...config });
  const client = world.module({ bleMac: clientMac, seed: 2 });
  const seen = observed(ble.peripheral(server.at));
  done(world, client, steps.client);
  const [peripheral] = seen.values;
  if (peripheral === undefined) throw new Error(`no peripheral: ${String(seen.error)}`);
  return { ...world, server, client, seen, peripheral };
};
/** A client is connected and knows the table. */
const met = (firmware: FirmwareVersion, config?: EmulatorConfig): Pair & { readonly advertising: Observed<unknown> } => {
  const world = pair(firmware, config);
  const advertising = observed(world.peripheral.advertise({ name: 'lamp' }));
  world.run(500);
  done(world, world.client, steps.join, steps.services, steps.characteristics);
  world.server.sent.length = 0;
  return { ...world, advertising };
};
const told = (world: Pair): string[] => world.client.trace.filter((line) => /^\+(?:NOTIFY|INDICATE)/.test(line));
const find = ({ peripheral }: { readonly peripheral: Peripheral }, uuid: string): ServerCharacteristic => {
  const [found] = observed(peripheral.characteristic('A002', uuid)).values;
  if (found === undefined) throw new Error(uuid);
  return found;
};
describe.each(dialects)('a peripheral of %s', (firmware) => {
  it('creates and starts its services, reads the table, and is switched off', () => {
    const world = bleWorld(firmware);
    const server = world.module({ bleMac: serverMac });
    const seen = observed(ble.peripheral(server.at, { name: 'lamp', address: { static: 'F8:7F:24:87:1C:7B' } }));
    expect(server.sent).toEqual(['AT+BLEINIT=2']);
    world.run();
    expect(server.sent.slice(1)).toEqual([
      'AT+BLENAME="lamp"', 'AT+BLEADDR=1,"F8:7F:24:87:1C:7B"', 'AT+BLEGATTSSRVCRE', 'AT+BLEGATTSSRVSTART', 'AT+BLEGATTSSRV?', 'AT+BLEGATTSCHAR?',
    ]);
    const [peripheral] = seen.values;
    expect(peripheral?.address).toBe('f8:7f:24:87:1c:7b');
    expect(peripheral?.services.map(({ uuid, characteristics }) => [uuid, characteristics.length])).toEqual([['A002', 7]]);
    if (peripheral === undefined) throw new Error();
    expect(observed(peripheral.characteristic('0xa002', 'c305')).values[0]).toEqual({ service: 1, index: 6, uuid: 'C305', properties: ['notify'], descriptors: [{ index: 1, uuid: '2902' }] });
    expect(observed(peripheral.characteristic('A002', 'C399')).error).toMatchObject({ kind: 'unsupported', code: 'attribute' });
    const connections = observed(peripheral.connections);
    seen.leave();
    world.run();
    expect(server.sent.at(-1)).toBe('AT+BLEINIT=0');
    expect([connections.values, connections.completed]).toEqual([[[]], true]);
    const late = observed(peripheral.setValue({ service: 1, index: 1, uuid: 'C300', properties: ['read'], descriptors: [] }, bytesOf('x')));
    expect(late.error).toMatchObject({ kind: 'link', code: 'closed' });
  });

  it('checks everything before a byte is sent', () => {
    const world = bleWorld(firmware);
    const server = world.module();
    for (const address of ['38:7f:24:87:1c:7b', 'c0:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff', 'no']) {
      expect(observed(ble.peripheral(server.at, { address: { static: address } })).error).toMatchObject({ kind: 'usage', code: 'address' });
    }
    world.run();
    expect(server.sent).toEqual([]);
    const seen = observed(ble.peripheral(server.at, { address: 'private' }));
    world.run();
    expect(server.sent).toContain('AT+BLEADDR=1');
    expect(seen.values[0]?.address).toBeUndefined();
    expect(observed(ble.peripheral(server.at)).error).toMatchObject({ kind: 'usage', code: 'second-peripheral' });
    expect(observed(ble.hid(server.at)).error).toMatchObject({ kind: 'usage', code: 'role' });
    const [peripheral] = seen.values;
    if (peripheral === undefined) throw new Error();
    const before = server.sent.length;
    const [c305, c300] = [find({ peripheral }, 'C305'), find({ peripheral }, 'C300')];
    expect(observed(peripheral.advertise({ name: 'x'.repeat(30) })).error).toMatchObject({ kind: 'usage', code: 'advert' });
    expect(observed(peripheral.advertise({}, { scanResponse: new Uint8Array(32) })).error).toMatchObject({ kind: 'usage', code: 'advert' });
    expect(observed(peripheral.advertise({}, { parameters: { minInterval: 19 } })).error).toMatchObject({ kind: 'usage', code: 'minInterval' });
    expect(observed(peripheral.advertise({}, { connections: 4 })).error).toMatchObject({ kind: 'usage', code: 'connections' });
    expect(observed(peripheral.notify(c300, bytesOf('x'))).error).toMatchObject({ kind: 'unsupported', code: 'property' });
    expect(observed(peripheral.indicate(c305, bytesOf('x'))).error).toMatchObject({ kind: 'unsupported', code: 'property' });
    expect(observed(peripheral.notify(c305, bytesOf(''))).error).toMatchObject({ kind: 'usage', code: 'length' });
    expect(observed(peripheral.notify(c305, bytesOf('x'))).error).toMatchObject({ kind: 'link', code: 'offline' });
    expect(observed(peripheral.setValue(c300, new Uint8Array(513))).error).toMatchObject({ kind: 'usage', code: 'length' });
    world.run();
    expect(server.sent.slice(before)).toEqual([]);
  });

  it('is another one after a restart', () => {
    const world = met(firmware);
    const connections = observed(world.peripheral.connections);
    world.server.board.reset();
    world.run(5000);
    expect(world.seen.values).toHaveLength(2);
    expect(connections.completed).toBe(true);
    expect(world.advertising.error).toMatchObject({ kind: 'module', code: 'reset' });
    const c305 = find(world, 'C305');
    expect(observed(world.peripheral.notify(c305, bytesOf('x'))).error).toMatchObject({ kind: 'module', code: 'reset' });
    expect(observed(world.seen.values[1]?.notify(c305, bytesOf('x')) ?? NEVER).error).toMatchObject({ kind: 'link', code: 'offline' });
    synchronised(world, world.server);
  });

  it('begins anew wherever in its beginning the module restarts', () => {
    for (let delay = 0; delay < 14; delay += 1) {
      const world = bleWorld(firmware);
      const server = world.module({ bleMac: serverMac });
      const seen = observed(ble.peripheral(server.at));
      world.run(delay);
      const early = seen.values.length;
      server.board.reset();
      world.run(5000);
      expect([seen.values.length, seen.error]).toEqual([early + 1, undefined]);
      const states = observed(seen.values.at(-1)?.advertise({ name: 'a' }) ?? NEVER);
      world.run();
      expect(states.values).toEqual(['advertising']);
      synchronised(world, server);
    }
  });

  it('can be left wherever in its beginning, and taken again at once', () => {
    for (let delay = 0; delay < 14; delay += 1) {
      const world = bleWorld(firmware);
      const server = world.module({ bleMac: serverMac });
      const first = observed(ble.peripheral(server.at));
      world.run(delay);
      first.leave();
      const second = observed(ble.peripheral(server.at));
      world.run();
      expect([second.values.length, second.error]).toEqual([1, undefined]);
      const states = observed(second.values[0]?.advertise({ name: 'a' }) ?? NEVER);
      world.run();
      expect(states.values).toEqual(['advertising']);
      second.leave();
      world.run();
      expect(server.sent.at(-1)).toBe('AT+BLEINIT=0');
    }
  });

  it('takes over from another host, whose centrals are still there', () => {
    const world = bleWorld(firmware);
    const server = world.module({ bleMac: serverMac });
    const client = world.module({ bleMac: clientMac, seed: 2 });
    done(world, server, (at) => at.exec(commands.init, { role: 'server' }), (at) => at.exec(commands.serverCreate), (at) => at.exec(commands.serverStart), (at) => at.exec(commands.advertisingStart));
    done(world, client, steps.client, steps.join, steps.services, steps.characteristics, steps.write(6, '\x01\0', 1));
    const seen = observed(ble.peripheral(server.at));
    world.run();
    const [peripheral] = seen.values;
    if (peripheral === undefined) throw new Error(String(seen.error));
    expect(observed(peripheral.connections).values).toEqual([[{ connection: 0, address: clientMac, mtu: 23 }]]);
    const told = [observed(peripheral.notify(find({ peripheral }, 'C305'), bytesOf('x'))), observed(peripheral.indicate(find({ peripheral }, 'C306'), bytesOf('x')))];
    world.run();
    expect(told.map(({ completed }) => completed)).toEqual([true, false]);
    expect(told[1]?.error).toMatchObject({ kind: 'command', code: 'rejected' });
  });

  it('tells of connections, reads, writes and configurations, and sets values', () => {
    const world = met(firmware);
    const { peripheral } = world;
    const connections = observed(peripheral.connections);
    const reads = observed(peripheral.reads);
    const writes = observed(peripheral.writes);
    const subscriptions = observed(peripheral.subscriptions);
    const [c300, c301] = [find(world, 'C300'), find(world, 'C301')];
    const [described] = c301.descriptors;
    const set = observed(concat(peripheral.setValue(c300, bytesOf('\r\nOK\r\n')), peripheral.setValue(c301, bytesOf('about'), described)));
    world.run();
    expect(set.completed).toBe(true);
    const values: string[] = [];
    const value = (at: AtModule): Observable<unknown> => at.exec(commands.read, { connection: 0, service: 3, characteristic: 1 }).pipe(mergeMap(({ payload }) => [values.push(textOf(payload))]));
    done(world, world.client, value, steps.write(3, '\r\nOK\r\n'), steps.write(6, '\x01\0', 1), steps.write(7, '\x02\0', 1), steps.write(6, '\0\0', 1));
    expect(values).toEqual(['\r\nOK\r\n']);
    expect(reads.values).toEqual([{ connection: 0, address: clientMac }]);
    expect(writes.values).toEqual([{ connection: 0, characteristic: find(world, 'C302'), data: bytesOf('\r\nOK\r\n') }]);
    expect(subscriptions.values).toEqual([
      { connection: 0, characteristic: find(world, 'C305'), notify: true, indicate: false },
      { connection: 0, characteristic: find(world, 'C306'), notify: false, indicate: true },
      { connection: 0, characteristic: find(world, 'C305'), notify: false, indicate: false },
    ]);
    done(world, world.client, steps.leave);
    expect(connections.values).toEqual([[{ connection: 0, address: clientMac, mtu: 23 }], []]);
  });

  it('notifies and indicates to who has asked for it', () => {
    const world = met(firmware);
    const { peripheral } = world;
    const [c305, c306] = [find(world, 'C305'), find(world, 'C306')];
    expect(observed(peripheral.notify(c305, bytesOf('x'))).error).toMatchObject({ kind: 'link', code: 'not-subscribed', retry: 'safe' });
    expect(world.server.sent).toEqual([]);
    done(world, world.client, steps.write(6, '\x01\0', 1), steps.write(7, '\x02\0', 1));
    const seen = observed(concat(peripheral.notify(c305, bytesOf('a\rb')), peripheral.indicate(c306, bytesOf('\r\nOK\r\n'), { connection: 0 })));
    world.run();
    expect([seen.completed, seen.error]).toEqual([true, undefined]);
    expect(world.server.sent.filter((line) => line.startsWith('AT'))).toEqual(['AT+BLEGATTSNTFY=0,1,6,3', 'AT+BLEGATTSIND=0,1,7,6']);
    expect(told(world)).toHaveLength(2);
    expect(observed(peripheral.notify(c305, bytesOf('x'), { connection: 1 })).error).toMatchObject({ kind: 'link', code: 'offline' });
    done(world, world.client, steps.leave, steps.join);
    // With the connection it forgot what it had asked for.
    expect(observed(peripheral.notify(c305, bytesOf('x'))).error).toMatchObject({ kind: 'link', code: 'not-subscribed' });
  });

  it('refuses what the MTU would cut, once it has asked for the MTU', () => {
    const world = met(firmware);
    const { peripheral } = world;
    const c305 = find(world, 'C305');
    done(world, world.client, steps.write(6, '\x01\0', 1));
    world.server.sent.length = 0;
    const long = observed(peripheral.notify(c305, new Uint8Array(21)));
    world.run();
    expect(long.error).toMatchObject({ kind: 'usage', code: 'length', details: { room: 20 } });
    expect(world.server.sent).toEqual(['AT+BLECFGMTU?']);
    done(world, world.client, (at) => at.exec(commands.mtu, { connection: 0, mtu: 203 }));
    const now = observed(peripheral.notify(c305, new Uint8Array(200)));
    world.run();
    expect(now.completed).toBe(true);
    expect(told(world)).toHaveLength(1);
    expect(world.server.sent.filter((line) => line === 'AT+BLECFGMTU?')).toHaveLength(1);
  });

  it.each(['notify', 'indicate'] as const)('ends in link/lost where the central leaves in the middle of %s', (how) => {
    const outcomes = new Set<string>();
    for (let delay = 0; delay < 80; delay += 4) {
      // Slow enough that the end may come at any byte.
      const world = met(firmware, { baud: 9600 });
      done(world, world.client, steps.write(6, '\x01\0', 1), steps.write(7, '\x02\0', 1));
      const data = new Uint8Array(20);
      const told = (): Observable<never> => (how === 'notify' ? world.peripheral.notify(find(world, 'C305'), data) : world.peripheral.indicate(find(world, 'C306'), data));
      const gone = observed(steps.leave(world.client.at));
      world.run(delay);
      const results = [observed(told()), observed(concat(told(), told()))];
      world.run();
      expect(gone.completed).toBe(true);
      for (const { completed, error } of results) outcomes.add(completed ? 'sent' : isAtError(error) ? `${error.kind}/${error.code}` : String(error));
      synchronised(world, world.server);
      expect(world.server.violations).toEqual([]);
      expect(observed(world.peripheral.connections).values).toEqual([[]]);
    }
    expect([...outcomes].filter((outcome) => outcome !== 'sent').sort()).toEqual(['link/lost', 'link/offline']);
  });
});

describe.each(['2.0.0', '2.4.0', '3.4.0', '5.0.0'] as const)('a peripheral of %s', (firmware) => {
  it('advertises, and notifies who has asked for it', () => {
    const world = met(firmware);
    done(world, world.client, steps.write(6, '\x01\0', 1));
    const seen = observed(world.peripheral.notify(find(world, 'C305'), bytesOf('abc')));
    world.run();
    expect([seen.completed, seen.error, told(world).length]).toEqual([true, undefined, 1]);
    expect([...world.server.violations, ...world.client.violations]).toEqual([]);
  });
});
