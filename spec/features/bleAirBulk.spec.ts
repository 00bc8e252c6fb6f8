import { concatMap, map, type Observable, range } from 'rxjs';
import { ble, type GattTree, type Peripheral } from '../../lib/index.js';
import type { EmulatorConfig, FirmwareVersion } from '../../transports/emulator/index.js';
import { observed } from '../support/joinedModule.js';
import { type BleModule, bleWorld, bytesOf, clientMac, dialects, serverMac, synchronised } from './bleHarness.js';
import { only } from './bleCentralHarness.js';

/** Of twenty bytes, and with every sequence in it that means something on the line. */
const valueOf = (index: number): Uint8Array => bytesOf(`\r\nOK\r\n>${String(index).padStart(9, '0')}\r\n> `.slice(0, 20));
const numberOf = (value: Uint8Array): number => Number(String.fromCharCode(...value.subarray(7, 16)));

/** A peripheral and a central behind the SDK; the central knows the table. */
const pair = (firmware: FirmwareVersion, { server: s = {}, client: c = {} }: { readonly server?: EmulatorConfig; readonly client?: EmulatorConfig }) => {
  const world = bleWorld(firmware);
  const server = world.module({ bleMac: serverMac, ...s });
  const client = world.module({ bleMac: clientMac, seed: 2, ...c });
  const value = <T>(source: Observable<T>, ms = 3000): T => {
    const log = observed(source);
    world.run(ms);
    const [found] = log.values;
    if (found === undefined) throw new Error(String(log.error));
    return found;
  };
  const peripheral: Peripheral = value(ble.peripheral(server.at));
  value(peripheral.advertise({ name: 'fast' }));
  const connection = value(value(ble.central(client.at)).connect(serverMac));
  const tree: GattTree = value(connection.discover());
  const [told, bold] = [only(tree.characteristic('A002', 'C305', 'notify')), only(tree.characteristic('A002', 'C303', 'write-without-response'))];
  return { ...world, server, client, peripheral, connection, told, bold, served: only(peripheral.characteristic('A002', 'C305')) };
};

type Pair = ReturnType<typeof pair>;

/** Emits how long `send` of each value in turn took, in ms, and over how many bytes of the sender's line; checks that `heard` got them in order. */
const timed = ({ scheduler, run }: Pair, { board }: BleModule, heard: Observable<Uint8Array>, count: number, send: (value: Uint8Array) => Observable<never>): { readonly took: number; readonly bytes: number } => {
  let next = 0;
  let disorder = 0;
  heard.subscribe((value) => {
    if (numberOf(value) !== next) disorder += 1;
    next += 1;
  });
  run(1000);
  const carried = (): number => board.traffic.toModule + board.traffic.toHost;
  const [began, before] = [scheduler.now(), carried()];
  let took = 0;
  let bytes = 0;
  range(0, count)
    .pipe(concatMap((index) => send(valueOf(index))))
    .subscribe({ error: (error: unknown) => expect(error).toBeUndefined(), complete: () => ([took, bytes] = [scheduler.now() - began, carried() - before]) });
  run(120_000);
  expect([next, disorder]).toEqual([count, 0]);
  return { took, bytes };
};

/** The line's time for what it carried, and 2 ms a value in which the module reads the command and takes the value. */
const paced = (bytes: number, baud: number, count: number): number => (bytes * 10_000) / baud + 2 * count;

describe.each([['2.1.0', 115_200, 1000], ['4.1.0', 115_200, 1000], ['4.1.0', 921_600, 20_000]] as const)('through the air of %s at %d bit/s, %d values', (firmware, baud, count) => {
  it('a peripheral notifies as fast as its line carries it, and each arrives in order', () => {
    const world = pair(firmware, { server: { baud }, client: { baud } });
    const { peripheral, connection, told, served, server, client } = world;
    // Eight values wait at most: a fast line is faster than a connection event each 30 ms.
    if (baud > 115_200) observed(connection.parameters({ minInterval: 7.5 }));
    world.run(500);
    const { took, bytes } = timed(world, server, told.notifications({ overflow: 'error' }), count, (value) => peripheral.notify(served, value));
    expect(bytes).toBeGreaterThan(50 * count);
    expect(took).toBeLessThan(paced(bytes, baud, count) + 100);
    synchronised(world, server, client);
  });
});

describe.each(dialects)('through the air of %s', (firmware) => {
  it('a central writes without response as fast as its line carries it', () => {
    const baud = 115_200;
    const world = pair(firmware, { server: { baud }, client: { baud } });
    const { peripheral, bold, server, client } = world;
    const heard = peripheral.writes.pipe(map(({ data }) => data));
    const { took, bytes } = timed(world, client, heard, 500, (value) => bold.write(value));
    expect(took).toBeLessThan(paced(bytes, baud, 500) + 100);
    synchronised(world, server, client);
  });

  it('a central whose line is slow slows the peripheral down, and nothing is lost', () => {
    const world = pair(firmware, { server: { baud: 115_200 }, client: { baud: 9600 } });
    const { peripheral, told, served, server, client } = world;
    const before = client.board.traffic.toHost;
    const { took } = timed(world, server, told.notifications(), 200, (value) => peripheral.notify(served, value));
    const line = ((client.board.traffic.toHost - before) * 10_000) / 9600;
    // What waits at either end had not been printed when the last one was taken.
    expect(took).toBeGreaterThan(line * 0.5);
    synchronised(world, server, client);
  });
});
