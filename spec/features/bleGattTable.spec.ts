import { merge } from 'rxjs';
import type { GattTableService } from 'rx-esp-at/emulator';
import { ble, type Peripheral, type ServerCharacteristic } from '../../lib/index.js';
import { bleWorld, type BleModule, type BleWorld, bytesOf, clientMac, dialects, serverMac, synchronised, textOf } from './bleHarness.js';
import { failure, only } from './bleCentralHarness.js';
import { observed } from '../support/joinedModule.js';

const battery = '0F0E0D0C0B0A09080706050403020100';
/** What the table of document 000 has not: included services, one that is not primary, and a characteristic that can do everything. */
const table: readonly GattTableService[] = [
  { uuid: '180a', primary: false, characteristics: [{ uuid: '2a29', properties: ['read'], value: bytesOf('lamps & co') }] },
  {
    uuid: battery,
    included: ['180A', battery],
    characteristics: [
      { uuid: 'c401', properties: ['read', 'write', 'write-without-response', 'notify', 'indicate'], value: bytesOf('on'), descriptors: [{ uuid: '2901', value: bytesOf('state') }, { uuid: '2902', value: bytesOf('\0\0') }] },
      { uuid: 'c402', properties: ['write-without-response'] },
    ],
  },
];

interface Table extends BleWorld {
  readonly server: BleModule;
  readonly client: BleModule;
  readonly peripheral: Peripheral;
}

const world = (firmware: (typeof dialects)[number]): Table => {
  const made = bleWorld(firmware);
  const server = made.module({ bleMac: serverMac, gatt: table });
  const client = made.module({ bleMac: clientMac, seed: 2 });
  const role = observed(ble.peripheral(server.at));
  made.run();
  const [peripheral] = role.values;
  if (peripheral === undefined) throw new Error(String(role.error));
  observed(peripheral.advertise({ name: 'lamp' }));
  made.run(500);
  return { ...made, server, client, peripheral };
};

const joined = (made: Table) => {
  const central = observed(ble.central(made.client.at));
  made.run(500);
  const log = observed(only(merge(central.values)).connect(serverMac));
  made.run();
  const [connection] = log.values;
  if (connection === undefined) throw new Error(String(log.error));
  const found = observed(connection.discover());
  made.run();
  const [tree] = found.values;
  if (tree === undefined) throw new Error(String(found.error));
  const everything = only(tree.characteristic(battery, 'C401', 'read', 'write', 'notify', 'indicate'));
  made.client.sent.length = 0;
  made.server.sent.length = 0;
  return { ...made, connection, tree, everything, served: only(made.peripheral.characteristic(battery, 'C401')) };
};

const commands = ({ sent }: BleModule): readonly string[] => sent.filter((line) => line.startsWith('AT'));

describe.each(dialects)('a table of its own in %s', (firmware) => {
  it('is found by both sides, with what its services include', () => {
    const { peripheral, tree, everything, server, client, ...rest } = joined(world(firmware));
    expect(peripheral.services.map(({ uuid, primary, characteristics }) => [uuid, primary, characteristics.map((row: ServerCharacteristic) => row.properties.join(' '))])).toEqual([
      ['180A', false, ['read']],
      [battery, true, ['read write-without-response write notify indicate', 'write-without-response']],
    ]);
    expect(tree.services.map(({ uuid, primary, included }) => [uuid, primary, included])).toEqual([
      ['1801', true, []],
      ['1800', true, []],
      ['180A', false, []],
      [battery, true, [{ uuid: '180A', primary: false }, { uuid: battery, primary: true }]],
    ]);
    expect([everything.service, everything.index, everything.descriptors.map(({ uuid }) => uuid)]).toEqual([4, 1, ['2901', '2902']]);
    const read = observed(everything.read());
    rest.run();
    const described = observed(everything.descriptors[0]?.read() ?? merge());
    rest.run();
    expect([...read.values, ...described.values].map(textOf)).toEqual(['on', 'state']);
    synchronised(rest, server, client);
  });

  it.each([-1, 1.5, NaN])('a queueLimit of %d is a usage error before a byte is sent', (queueLimit) => {
    const { client, everything, run } = joined(world(firmware));
    const before = client.sent.length;
    const logs = [observed(everything.notifications({ queueLimit })), observed(everything.indications({ queueLimit }))];
    run();
    expect(logs.map(({ error }) => error)).toMatchObject([{ kind: 'usage', code: 'queueLimit' }, { kind: 'usage', code: 'queueLimit' }]);
    expect(client.sent.length).toBe(before);
  });

  it('notifications and indications of one characteristic have a bit each, and one writing a change', () => {
    const made = joined(world(firmware));
    const { everything, served, peripheral, client, server } = made;
    const bits: number[] = [];
    peripheral.subscriptions.subscribe(({ notify, indicate }) => bits.push(Number(notify) + 2 * Number(indicate)));
    const notified = [observed(everything.notifications()), observed(everything.notifications())];
    made.run();
    const indicated = observed(everything.indications());
    made.run();
    const told = observed(merge(peripheral.notify(served, bytesOf('n')), peripheral.indicate(served, bytesOf('i'))));
    made.run();
    expect([told.completed, told.error]).toEqual([true, undefined]);
    expect([...notified, indicated].map(({ values }) => values.map(textOf))).toEqual([['n'], ['n'], ['i']]);
    expect(commands(server)).toEqual(['AT+BLEGATTSNTFY=0,2,1,1', 'AT+BLEGATTSIND=0,2,1,1']);
    for (const log of notified) log.leave();
    made.run();
    expect(failure(observed(peripheral.notify(served, bytesOf('x'))).error)).toEqual(['link', 'not-subscribed']);
    const still = observed(peripheral.indicate(served, bytesOf('j')));
    made.run();
    expect([still.completed, indicated.values.map(textOf)]).toEqual([true, ['i', 'j']]);
    indicated.leave();
    made.run();
    expect(bits).toEqual([1, 3, 2, 0]);
    expect(commands(client)).toEqual(bits.map(() => 'AT+BLEGATTCWR=0,4,1,2,2'));
    synchronised(made, client, server);
  });

  it('both wanted and left in one go: a writing each at most', () => {
    const made = joined(world(firmware));
    const { everything, peripheral, client } = made;
    const bits: number[] = [];
    peripheral.subscriptions.subscribe(({ notify, indicate }) => bits.push(Number(notify) + 2 * Number(indicate)));
    const logs = [everything.notifications(), everything.indications()].map((source) => observed(source));
    for (const log of logs) log.leave();
    const again = [everything.notifications(), everything.indications()].map((source) => observed(source));
    made.run();
    // The first is written as it comes; the rest is settled in one.
    expect(bits).toEqual([1, 3]);
    for (const log of again) log.leave();
    made.run();
    expect(bits).toEqual([1, 3, 2, 0]);
    expect(commands(client)).toHaveLength(bits.length);
  });

  it('a writing waits for the peer where it acknowledges, and only for the module where it does not', () => {
    const made = joined(world(firmware));
    const { everything, tree, server } = made;
    const silent = only(tree.characteristic(battery, 'C402', 'write-without-response'));
    // Out of reach for a while: nothing arrives.
    made.air.place(serverMac, { x: 999, y: 0 });
    const bold = observed(silent.write(bytesOf('b')));
    made.run(100);
    const careful = observed(everything.write(bytesOf('c')));
    made.run(1000);
    expect([bold.completed, careful.completed, careful.error]).toEqual([true, false, undefined]);
    made.air.place(serverMac, { x: 1, y: 0 });
    made.run(500);
    expect([careful.completed, server.trace.filter((line) => line.startsWith('+WRITE'))]).toEqual([true, ['+WRITE:0,2,2,,1<1 bytes>', '+WRITE:0,2,1,,1<1 bytes>']]);
    synchronised(made, made.client, server);
  });
});
