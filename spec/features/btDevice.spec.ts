import { bt, type BtDevice, deviceClassNames } from '../../lib/index.js';
import { observed } from '../support/joinedModule.js';
import { failure } from './bleCentralHarness.js';
import { dialects } from './bleHarness.js';
import { btWorld, ended, slaveMac, synchronised } from './btHarness.js';

describe.each(dialects)('classic Bluetooth of %s', (firmware) => {
  it('finds devices as they answer, their classes named', () => {
    const world = btWorld(firmware);
    const { master, slave } = world;
    const lamp = observed(bt.radio(slave.at, { name: 'lamp', deviceClass: { major: 'imaging', minor: 'printer', services: ['limited discoverable', 'rendering'] }, visibility: 'discoverable' }));
    const plain = world.module({ bleMac: 'ac:d6:18:47:0c:ae', seed: 3 });
    const other = observed(bt.radio(plain.at, { visibility: 'discoverable and connectable' }));
    world.run(500);
    expect([lamp.values, other.values]).toEqual([['on'], ['on']]);
    expect(slave.sent).toEqual(['AT+BTINIT=1', 'AT+BTNAME="lamp"', 'AT+BTCOD=6,32,33', 'AT+BTSCANMODE=3']);
    const looking = observed(bt.discover(master.at, { duration: 5000 }));
    world.run(4000);
    // As they come, again and again.
    const heard = looking.values.filter(({ address }) => address === slaveMac);
    expect([heard.length > 1, looking.completed]).toEqual([true, false]);
    const numbers = { major: 6, minor: 32, service: 33 };
    const expected: BtDevice = { address: slaveMac, name: 'lamp', deviceClass: { major: 'imaging', minor: ['printer'], services: ['limited discoverable', 'rendering'], numbers }, rssi: expect.any(Number) as number };
    expect(heard[0]).toEqual(expected);
    expect(looking.values.find(({ address }) => address === 'ac:d6:18:47:0c:ae')).toMatchObject({ name: 'ESP32_AT', deviceClass: undefined });
    expect(looking.values.every(({ rssi = 0 }) => rssi < -20 && rssi > -100)).toBe(true);
    world.run(2000);
    expect([looking.completed, master.sent]).toEqual([true, ['AT+BTINIT=1', 'AT+BTSTARTDISC=0,4,0', 'AT+BTINIT=0']]);
    const limited = ended(world, bt.discover(master.at, { mode: 'limited', duration: 1280 * 2, responses: 2 }), 4000);
    expect([limited.length, limited.every(({ address }) => address === slaveMac)]).toEqual([2, true]);
    for (const [code, options] of [['duration', { duration: 0 }], ['duration', { duration: 70_000 }], ['responses', { responses: 256 }], ['responses', { responses: 0 }]] as const) {
      expect([code, failure(observed(bt.discover(master.at, options)).error)]).toEqual([code, ['usage', code]]);
    }
    synchronised(world, master, slave);
  });

  it('a discovery that is left, or cut by a restart', () => {
    const world = btWorld(firmware);
    const { master } = world;
    const left = observed(bt.discover(master.at, { duration: 3000 }));
    world.run(500);
    left.leave();
    const [next] = [observed(bt.name(master.at))];
    world.run(1000);
    expect(next.completed).toBe(false);
    world.run(4000);
    expect([next.values, next.completed]).toEqual([['ESP32_AT'], true]);
    const cut = observed(bt.discover(master.at));
    world.run(2000);
    master.board.reset();
    world.run(5000);
    expect(failure(cut.error)).toEqual(['module', 'reset']);
    master.sent.length = 0;
    synchronised(world, master);
    expect(master.sent).toEqual(['AT+BTNAME?']);
  });

  it('is switched on once for all who use it, again after a restart, and off after the last', () => {
    const world = btWorld(firmware);
    const { master } = world;
    const first = observed(bt.radio(master.at));
    const second = observed(bt.radio(master.at, { visibility: 'connectable', security: { capability: 'display-yes-no', pin: '9527' } }));
    world.run(500);
    expect(ended(world, bt.name(master.at, 'desk'))).toEqual(['desk']);
    expect(ended(world, bt.visibility(master.at))).toEqual(['connectable']);
    expect(ended(world, bt.visibility(master.at, 'discoverable'))).toEqual(['discoverable']);
    ended(world, bt.deviceClass(master.at, { major: 'computer', minor: 'laptop' }));
    const [parameters] = ended(world, bt.security.parameters(master.at));
    expect([parameters?.capability, parameters?.pinType, parameters?.pin?.reveal(), String(parameters?.pin)]).toEqual(['display-yes-no', 'fixed', '9527', '****']);
    expect(master.sent.filter((line) => line.startsWith('AT+BTINIT'))).toEqual(['AT+BTINIT=1']);
    expect(master.sent).toContain('AT+BTCOD=1,3,0');
    expect(master.sent.join()).not.toContain('9527');
    first.leave();
    world.run(500);
    master.sent.length = 0;
    master.board.reset();
    world.run(5000);
    expect(second.values).toEqual(['on', 'on']);
    expect(master.sent.slice(-3)).toEqual(['AT+BTINIT=1', 'AT+BTSECPARAM=1,1,"****"', 'AT+BTSCANMODE=1']);
    second.leave();
    world.run(500);
    expect(master.sent.at(-1)).toBe('AT+BTINIT=0');
    // The name is kept, the rest is not.
    expect([ended(world, bt.name(master.at)), ended(world, bt.visibility(master.at))]).toEqual([['desk'], ['hidden']]);
    synchronised(world, master);
  });

  it('roles of a profile exclude each other before a byte is sent; the two profiles do not', () => {
    const world = btWorld(firmware);
    const { master } = world;
    const [listening, source] = [observed(bt.spp.listen(master.at)), observed(bt.a2dp.source(master.at))];
    world.run(500);
    expect([listening.error, source.values.length]).toEqual([undefined, 1]);
    master.sent.length = 0;
    expect(failure(observed(bt.spp.connect(master.at, { address: slaveMac })).error)).toEqual(['usage', 'role']);
    expect(failure(observed(bt.a2dp.sink(master.at)).error)).toEqual(['usage', 'role']);
    expect(failure(observed(bt.deviceClass(master.at, { major: 'toy', minor: 'laptop' })).error)).toEqual(['usage', 'device-class']);
    world.run(500);
    expect(master.sent).toEqual([]);
    source.leave();
    const sink = observed(bt.a2dp.sink(master.at));
    world.run(500);
    expect(sink.values).toHaveLength(1);
    expect(master.sent).toEqual(['AT+BTA2DPINIT=0,0', 'AT+BTA2DPINIT=1,1', 'AT+BTSCANMODE=2']);
    listening.leave();
    sink.leave();
    world.run(500);
    expect(master.sent.slice(-3)).toEqual(['AT+BTSPPINIT=0', 'AT+BTA2DPINIT=1,0', 'AT+BTINIT=0']);
    synchronised(world, master);
  });

  it('a module that refuses it says so, and is asked again', () => {
    const world = btWorld(firmware, { without: ['bt'] });
    const refused = [observed(bt.radio(world.master.at)), observed(bt.spp.listen(world.master.at)), observed(bt.discover(world.master.at))];
    world.run(1000);
    expect(refused.map(({ error }) => error !== undefined)).toEqual([true, true, true]);
    const again = observed(bt.radio(world.master.at));
    world.run(500);
    expect(again.error).toBeDefined();
    expect(world.master.sent.filter((line) => line !== 'AT+BTINIT=1')).toEqual([]);
  });
});

describe('classes of device', () => {
  it.each([
    [{ major: 1, minor: 3, service: 0 }, 'computer', ['laptop'], []],
    [{ major: 2, minor: 3, service: 0x200 }, 'phone', ['smartphone'], ['telephony']],
    [{ major: 3, minor: 0x38, service: 0x10 }, 'network access point', ['no service available'], ['networking']],
    [{ major: 4, minor: 6, service: 0x120 }, 'audio/video', ['headphones'], ['rendering', 'audio']],
    [{ major: 4, minor: 3, service: 0x404 }, 'audio/video', [], ['information']],
    [{ major: 5, minor: 0x10, service: 1 }, 'peripheral', ['keyboard'], ['limited discoverable']],
    [{ major: 5, minor: 0x22, service: 0 }, 'peripheral', ['pointing device', 'gamepad'], []],
    [{ major: 6, minor: 0x38, service: 0xc0 }, 'imaging', ['camera', 'scanner', 'printer'], ['capturing', 'object transfer']],
    [{ major: 9, minor: 1, service: 8 }, 'health', ['blood pressure monitor'], ['positioning']],
    [{ major: 31, minor: 0, service: 0 }, 'uncategorized', [], []],
    [{ major: 12, minor: 1, service: 0 }, undefined, [], []],
  ])('%j', (numbers, major, minor, services) => {
    expect(deviceClassNames(numbers)).toEqual({ major, minor, services });
  });
});
