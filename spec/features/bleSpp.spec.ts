import { concat, type Observable } from 'rxjs';
import { ble, type Duplex } from '../../lib/index.js';
import * as commands from '../../lib/commands/ble.js';
import { pullMap } from '../../operators/index.js';
import type { EmulatorConfig } from '../../transports/emulator/index.js';
import { observed, type Observed } from '../support/joinedModule.js';
import { seeded } from '../support/virtualModule.js';
import { bleWorld, bytesOf, clientMac, dialects, done, serverMac, steps, synchronised, textOf } from './bleHarness.js';
import { hostile, shuffled } from './transparentHarness.js';

const serverPlaces = { tx: { service: 1, index: 6 }, rx: { service: 1, index: 4 } };
const clientPlaces = { tx: { service: 3, index: 4 }, rx: { service: 3, index: 6 } };
/** Server and client, connected, with large packets; the client wants to be notified. */
const connected = (firmware: (typeof dialects)[number], config: EmulatorConfig = {}) => {
  const world = bleWorld(firmware);
  const server = world.module({ bleMac: serverMac, ...config });
  const client = world.module({ bleMac: clientMac, seed: 2, ...config });
  const role = observed(ble.peripheral(server.at));
  world.run();
  const [peripheral] = role.values;
  if (peripheral === undefined) throw new Error(String(role.error));
  const advertising = observed(peripheral.advertise({ name: 'spp' }));
  world.run();
  done(
    world,
    client,
    steps.client,
    steps.join,
    steps.services,
    steps.characteristics,
    (at) => at.exec(commands.mtu, { connection: 0, mtu: 515 }),
    (at) => at.exec(commands.packetLength, { connection: 0, length: 251 }),
    steps.write(6, '\x01\0', 1),
  );
  return { ...world, server, client, peripheral, advertising };
};

const carried = (world: ReturnType<typeof connected>): { readonly at: Observed<Duplex>; readonly of: Observed<Duplex>; readonly server: Duplex; readonly client: Duplex } => {
  const at = observed(ble.spp(world.server.at, serverPlaces));
  const of = observed(ble.spp(world.client.at, clientPlaces));
  world.run(500);
  const [[server], [client]] = [at.values, of.values];
  if (server === undefined || client === undefined) throw new Error(`no stream: ${String(at.error ?? of.error)}`);
  return { at, of, server, client };
};
describe.each(dialects)('BLE SPP of %s', (firmware) => {
  it('carries bytes both ways and is left by +++', () => {
    const world = connected(firmware);
    world.server.sent.length = 0;
    const streams = carried(world);
    expect(world.server.sent).toEqual(['AT', 'AT+BLECONN?', 'AT+BLESPPCFG=1,1,6,1,4', 'AT+BLESPP']);
    const [toClient, toServer] = ['a\r\nOK\r\n', '+++'];
    const results = [streams.server.send(bytesOf(toClient)), streams.client.send(bytesOf(toServer))].map((sending) => observed(sending));
    const got = ['', ''];
    [streams.client, streams.server].map((stream, index) => observed(pullMap((chunk: Uint8Array) => ((got[index] += textOf(chunk)), []))(stream)));
    world.run();
    expect(results.map(({ completed, error }) => [completed, error])).toEqual([[true, undefined], [true, undefined]]);
    expect(got).toEqual([toClient, toServer]);
    // Others wait until it is over.
    const other = observed(world.server.at.exec(commands.addressQuery));
    world.run();
    expect(other.completed).toBe(false);
    const ended = observed(streams.server.end());
    streams.of.leave();
    world.run(5000);
    expect([ended.completed, streams.at.completed, streams.at.error, other.completed]).toEqual([true, true, undefined, true]);
    expect(world.server.sent.slice(-4)).toEqual(['AT+CIPMODE?', 'AT+BLESPPCFG=0', 'AT+BLECONN?', 'AT+BLEADDR?']);
    synchronised(world, world.server, world.client);
  });

  it('carries 1 MB of anything there and back', () => {
    const world = connected(firmware);
    const { server, client } = carried(world);
    const back: Uint8Array[] = [];
    const length = 1_048_576;
    observed(client.send(client));
    const sending = observed(server.send(shuffledSource(length)));
    observed(pullMap((chunk: Uint8Array) => (back.push(chunk.slice()), []))(server));
    world.run(600_000);
    expect([sending.completed, sending.error, sending.values.at(-1)]).toEqual([true, undefined, { sent: length }]);
    expect(Buffer.concat(back).equals(whole(length))).toBe(true);
    expect([...world.server.violations, ...world.client.violations]).toEqual([]);
  }, 60_000);

  it('goes both ways at once, plus signs in every place among it', () => {
    const world = connected(firmware);
    const { server, client } = carried(world);
    const sent: Uint8Array[][] = [[], []];
    const got: Uint8Array[][] = [[], []];
    const length = 60_000;
    const sending = [server, client].map((stream, index) => observed(stream.send(hostile(world, length, seeded(index + 3), sent[index] ?? []))));
    [client, server].map((stream, index) => observed(pullMap((chunk: Uint8Array) => (got[index]?.push(chunk.slice()), []))(stream)));
    world.run(120_000);
    expect(sending.map(({ completed, error }) => [completed, error])).toEqual([[true, undefined], [true, undefined]]);
    for (const [index, chunks] of sent.entries()) expect(Buffer.concat(got[index] ?? []).equals(Buffer.concat(chunks))).toBe(true);
    expect([...world.server.violations, ...world.client.violations]).toEqual([]);
  });

  it('says so where there is no connection, or the characteristics do not fit', () => {
    const world = bleWorld(firmware);
    const server = world.module({ bleMac: serverMac });
    const role = observed(ble.peripheral(server.at));
    world.run();
    expect(role.values).toHaveLength(1);
    const none = observed(ble.spp(server.at, serverPlaces));
    world.run();
    expect(none.error).toMatchObject({ kind: 'link', code: 'offline' });
    const met = connected(firmware);
    const wrong = observed(ble.spp(met.server.at, { tx: serverPlaces.rx, rx: serverPlaces.tx }));
    met.run();
    expect(wrong.error).toMatchObject({ kind: 'command', code: 'rejected' });
    expect(met.server.sent.slice(-2)).toEqual(['AT+BLESPP', 'AT+BLESPPCFG=0']);
    const before = met.server.sent.length;
    const range = [{ tx: { service: 0, index: 6 }, rx: serverPlaces.rx }, { ...serverPlaces, queueLimit: 0 }].map((config) => observed(ble.spp(met.server.at, config)));
    met.run();
    expect(range.map(({ error }) => error)).toMatchObject([{ kind: 'usage', code: 'place' }, { kind: 'usage', code: 'queueLimit' }]);
    expect(met.server.sent.slice(before)).toEqual([]);
    synchronised(met, met.server);
  });

  it('ends in link/lost where the connection was lost, and everybody knows', () => {
    for (const delay of [0, 7, 31, 200]) {
      const world = connected(firmware);
      const { at, of, server, client } = carried(world);
      const connections = observed(world.peripheral.connections);
      const sending = observed(server.send(shuffledSource(50_000)));
      observed(pullMap(() => [])(client));
      world.run(delay);
      of.leave();
      world.run(5000);
      done(world, world.client, steps.leave);
      world.run(5000);
      const ended = observed(server.end());
      world.run(10_000);
      expect([ended.completed, at.error]).toEqual([true, expect.objectContaining({ kind: 'link', code: 'lost' })]);
      expect(sending.completed || sending.error !== undefined).toBe(true);
      expect(connections.values.at(-1)).toEqual([]);
      // It advertises again: its room is free.
      world.run();
      expect(world.advertising.values.at(-1)).toBe('advertising');
      synchronised(world, world.server, world.client);
    }
  });

  it('goes between a peripheral and a central, which find their connection lost', () => {
    const world = bleWorld(firmware);
    const server = world.module({ bleMac: serverMac });
    const client = world.module({ bleMac: clientMac, seed: 2 });
    const held = <T>(source: Observable<T>): { readonly seen: Observed<T>; readonly value: T } => {
      const seen = observed(source);
      world.run();
      const [value] = seen.values;
      if (value === undefined) throw new Error(String(seen.error));
      return { seen, value };
    };
    const peripheral = held(ble.peripheral(server.at)).value;
    held(peripheral.advertise({ name: 'spp' }));
    const connection = held(held(ble.central(client.at)).value.connect(serverMac));
    const tree = held(connection.value.discover({ services: ['A002'] })).value;
    const [tx, rx] = [held(tree.characteristic('A002', 'C303', 'write-without-response')).value, held(tree.characteristic('A002', 'C305', 'notify')).value];
    observed(rx.notifications());
    const there = held(ble.spp(server.at, { tx: held(peripheral.characteristic('A002', 'C305')).value, rx: held(peripheral.characteristic('A002', 'C303')).value }));
    const here = held(ble.spp(client.at, { tx, rx }));
    const got = [observed(there.value.read()), observed(here.value.read())];
    observed(here.value.send(bytesOf('ping')));
    observed(there.value.send(bytesOf('pong')));
    world.run();
    expect(got.map(({ values }) => values.map(textOf))).toEqual([['ping'], ['pong']]);
    world.air.place(clientMac, { x: 1000, y: 0 });
    world.run(10_000);
    // Nobody has said so.
    expect([there.seen.error, connection.seen.error]).toEqual([undefined, undefined]);
    const ends = [there.value.end(), here.value.end()].map((end) => observed(end));
    world.run(10_000);
    expect(ends.map(({ completed }) => completed)).toEqual([true, true]);
    const lost = expect.objectContaining({ kind: 'link', code: 'lost' }) as unknown;
    expect([there.seen.error, here.seen.error, connection.seen.error]).toEqual([lost, lost, lost]);
    expect(observed(peripheral.connections).values).toEqual([[]]);
    synchronised(world, server, client);
  });

  it('can be left at any moment', () => {
    for (let delay = 0; delay < 14; delay += 1) {
      const world = connected(firmware);
      const at = observed(ble.spp(world.server.at, serverPlaces));
      world.run(delay);
      at.leave();
      world.run(5000);
      synchronised(world, world.server);
      const settings = observed(world.server.at.exec(commands.sppSettingsQuery));
      world.run();
      expect(settings.values).toEqual([{ txService: 0, txCharacteristic: 0, rxService: 0, rxCharacteristic: 0 }]);
    }
  });

  it('ends when the module is closed, within its two seconds, and leaves no timer', () => {
    const world = connected(firmware);
    const { at, of } = carried(world);
    const connections = observed(world.peripheral.connections);
    const from = world.scheduler.frame;
    let closedAt = Infinity;
    world.server.at.close().subscribe({ complete: () => (closedAt = world.scheduler.frame - from) });
    world.run(10_000);
    expect(closedAt).toBeLessThanOrEqual(2000);
    expect(at.completed || at.error !== undefined).toBe(true);
    expect(connections.completed).toBe(true);
    of.leave();
    world.client.close();
    world.run(30_000);
    expect(world.scheduler.actions.filter(({ closed }) => !closed)).toEqual([]);
  });

  it('finds a restart when it is left', () => {
    const world = connected(firmware);
    const { at, server } = carried(world);
    world.server.board.reset();
    world.run(5000);
    const ended = observed(server.end());
    world.run(20_000);
    expect([ended.completed, at.error]).toEqual([true, expect.objectContaining({ kind: 'module', code: 'reset' })]);
    const probe = observed(world.server.at.exec(commands.nameQuery));
    world.run();
    expect(probe.values).toHaveLength(1);
  });
});

const seed = 9;
const whole = (length: number): Uint8Array => shuffled(length, seeded(seed));
const shuffledSource = (length: number) => {
  const bytes = whole(length);
  let at = 0;
  return {
    read: (max = 4096): Observable<Uint8Array> => {
      const chunk = bytes.subarray(at, (at += Math.min(max, 4096)));
      return concat(chunk.length === 0 ? [] : [chunk]);
    },
  };
};
