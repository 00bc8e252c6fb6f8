import { ble, type Peripheral } from '../../lib/index.js';
import * as commands from '../../lib/commands/ble.js';
import { observed } from '../support/joinedModule.js';
import { type BleModule, bleWorld, type BleWorld, clientMac, dialects, serverMac, steps } from './bleHarness.js';

const made = (firmware: (typeof dialects)[number], address?: string) => {
  const world = bleWorld(firmware);
  const server = world.module({ bleMac: serverMac });
  const client = world.module({ bleMac: clientMac, seed: 2 });
  const seen = observed(ble.peripheral(server.at, address === undefined ? {} : { address: { static: address } }));
  const role = observed(steps.client(client.at));
  world.run();
  expect(role.completed).toBe(true);
  const [peripheral] = seen.values;
  if (peripheral === undefined) throw new Error(String(seen.error));
  server.sent.length = 0;
  return { world, server, client, seen, peripheral };
};
/** What a scan of a second hears. */
const heard = (world: BleWorld, { at, trace }: BleModule): string[] => {
  const from = trace.length;
  observed(at.exec(commands.scan, { seconds: 1 }));
  world.run(3000);
  return [...new Set(trace.slice(from).filter((line) => line.startsWith('+BLESCAN:')).map((line) => line.replace(/,-\d\d,/, ',')))];
};

describe.each(dialects)('advertising with %s', (firmware) => {
  it('starts with its data and stops with its subscriber', () => {
    const { world, server, client, peripheral } = made(firmware);
    const states = observed(peripheral.advertise({ flags: ['general-discoverable', 'no-br-edr'], name: 'ESP' }, { scanResponse: Uint8Array.of(0x11, 0x22), parameters: { minInterval: 50, channels: 'all' } }));
    world.run(500);
    expect(server.sent).toEqual(['AT+BLEADVPARAM=80,80,0,0,7', 'AT+BLESCANRSPDATA="1122"', 'AT+BLEADVDATA="0201060409455350"', 'AT+BLEADVSTART']);
    expect(states.values).toEqual(['advertising']);
    expect(heard(world, client)).toEqual([`+BLESCAN:"${serverMac}",0201060409455350,1122,0`]);
    expect(observed(peripheral.advertise({})).error).toMatchObject({ kind: 'usage', code: 'second-advertiser' });
    states.leave();
    world.run(500);
    expect(server.sent.at(-1)).toBe('AT+BLEADVSTOP');
    expect(heard(world, client)).toEqual([]);
    const again = observed(peripheral.advertise(Uint8Array.of(2, 1, 6), { parameters: { type: 'non-connectable' } }));
    world.run(500);
    expect(again.values).toEqual(['advertising']);
    expect(heard(world, client)).toEqual([`+BLESCAN:"${serverMac}",020106,1122,0`.replace(',1122,', ',,')]);
  });

  it('has the firmware put the data together', () => {
    const { world, server, client, peripheral } = made(firmware);
    const states = observed(peripheral.advertise({ byModule: { name: 'ESP-AT', service: 'A002', manufacturer: Uint8Array.of(1, 2, 3, 4, 5), txPower: true } }));
    world.run(500);
    expect(server.sent).toEqual(['AT+BLEADVPARAM=32,64,0,0,7', 'AT+BLEADVDATAEX="ESP-AT","A002","0102030405",1']);
    expect(states.values).toEqual(['advertising']);
    expect(heard(world, client)).toEqual([`+BLESCAN:"${serverMac}",${'020106' + '020a03' + '030302a0' + '06ff0102030405' + '07094553502d4154'},,0`]);
    states.leave();
    world.run(500);
    expect(heard(world, client)).toEqual([]);
  });

  it('advertises its static address', () => {
    const { world, server, client, peripheral } = made(firmware, 'f8:7f:24:87:1c:7b');
    observed(peripheral.advertise({ name: 'a' }));
    world.run(500);
    expect(server.sent[0]).toBe('AT+BLEADVPARAM=32,64,0,1,7');
    expect(heard(world, client)).toEqual(['+BLESCAN:"f8:7f:24:87:1c:7b",020961,,1']);
  });

  it('rests while a central is connected, and goes on by itself', () => {
    const { world, server, client, peripheral } = made(firmware);
    const states = observed(peripheral.advertise({ name: 'a' }));
    world.run(500);
    observed(steps.join(client.at));
    world.run();
    expect(states.values).toEqual(['advertising', 'stopped']);
    expect(observed(peripheral.connections).values).toEqual([[{ connection: 0, address: clientMac, mtu: 23 }]]);
    observed(steps.leave(client.at));
    world.run();
    expect(states.values).toEqual(['advertising', 'stopped', 'advertising']);
    observed(steps.join(client.at));
    world.run();
    const before = server.sent.length;
    states.leave();
    world.run();
    // It had stopped by itself.
    expect(server.sent.slice(before)).toEqual([]);
  });

  it('is stopped where it is left at any moment of its start', () => {
    for (let delay = 0; delay < 12; delay += 1) {
      const { world, client, peripheral } = made(firmware);
      const states = observed(peripheral.advertise({ name: 'a' }));
      world.run(delay);
      states.leave();
      world.run(500);
      expect(heard(world, client)).toEqual([]);
    }
  });

  it('ends with the peripheral', () => {
    const { world, server, client, seen, peripheral } = made(firmware);
    const states = observed(peripheral.advertise({ name: 'a' }));
    world.run(500);
    seen.leave();
    world.run();
    expect(states.error).toMatchObject({ kind: 'link', code: 'closed' });
    expect(server.sent.slice(-2)).toEqual(['AT+BLEADVSTART', 'AT+BLEINIT=0']);
    expect(heard(world, client)).toEqual([]);
    expect(observed((peripheral satisfies Peripheral).advertise({})).error).toMatchObject({ kind: 'link', code: 'closed' });
  });
});

describe('advertising with room for more', () => {
  it('goes on beside a connection until as many as wanted are there', () => {
    const { world, client, peripheral } = made('4.1.0');
    const other = world.module({ bleMac: '24:0a:c4:09:34:99', seed: 3 });
    observed(steps.client(other.at));
    const states = observed(peripheral.advertise({ name: 'a' }, { connections: 2 }));
    world.run(500);
    observed(steps.join(client.at));
    world.run();
    expect(states.values).toEqual(['advertising', 'stopped', 'advertising']);
    observed(steps.join(other.at));
    world.run();
    expect(states.values).toEqual(['advertising', 'stopped', 'advertising', 'stopped']);
    expect(observed(peripheral.connections).values).toMatchObject([[{ connection: 0 }, { connection: 1 }]]);
  });
});
