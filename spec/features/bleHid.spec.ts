import { concat, NEVER } from 'rxjs';
import { ble, hidConsumerKeys, hidKeyOf, hidKeys, hidModifiers } from '../../lib/index.js';
import { hidComputer, type HidReport } from '../../transports/emulator/index.js';
import { observed } from '../support/joinedModule.js';
import { bleWorld, dialects, serverMac } from './bleHarness.js';

const set = (firmware: (typeof dialects)[number]) => {
  const world = bleWorld(firmware);
  const device = world.module({ bleMac: serverMac });
  const computer = hidComputer({ air: world.air });
  const seen = observed(ble.hid(device.at));
  world.run();
  const [hid] = seen.values;
  if (hid === undefined) throw new Error(String(seen.error));
  const plug = () => {
    const reports = observed(computer.reports(serverMac));
    world.run();
    return reports;
  };
  return { world, device, seen, hid, plug };
};
const key = (usage: number, modifiers = 0): HidReport => ({ kind: 'keyboard', modifiers, keys: [usage, 0, 0, 0, 0, 0] });
const released = key(0);

/** What a US keyboard types, read from the usages. */
const plain = '____abcdefghijklmnopqrstuvwxyz1234567890\n___ -=[]\\_;\'`,./';
const shifted = '____ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()____ _+{}|_:"~<>?';
const typed = (reports: readonly HidReport[]): string =>
  reports.map((report) => (report.kind === 'keyboard' && report.keys[0] !== 0 ? (((report.modifiers & hidModifiers.shift) !== 0 ? shifted : plain)[report.keys[0] ?? 0] ?? '?') : '')).join('');

describe('the US layout', () => {
  it('has a key of its own for every printable character', () => {
    const characters = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index));
    const keys = characters.map((character) => hidKeyOf(character));
    expect(keys.filter((found) => found === undefined)).toEqual([]);
    expect(new Set(keys.map((found) => JSON.stringify(found))).size).toBe(95);
    for (const [index, found] of keys.entries()) expect((found?.modifiers === 0 ? plain : shifted)[found?.usage ?? 0]).toBe(characters[index]);
  });

  it('knows tab and Enter, and nothing beyond', () => {
    expect([hidKeyOf('\t')?.usage, hidKeyOf('\n')?.usage]).toEqual([hidKeys.tab, hidKeys.enter]);
    for (const character of ['ä', '\r', '', '€', 'ab']) expect(hidKeyOf(character)).toBeUndefined();
  });
});

describe.each(dialects)('a HID device of %s', (firmware) => {
  it('types, moves and turns the volume, each key pressed and released', () => {
    const { world, device, hid, plug } = set(firmware);
    const connected = observed(hid.connected);
    const reports = plug();
    const work = observed(
      concat(
        hid.type('Hi, "ESP"\n'),
        hid.press([hidKeys.f4], hidModifiers.alt),
        hid.press([4, 5, 6, 7, 8, 9]),
        hid.move({ x: 10, y: -127, wheel: 1 }),
        hid.click(2),
        hid.consumer(hidConsumerKeys.volumeUp),
      ),
    );
    world.run(10_000);
    expect([work.completed, work.error, work.values]).toEqual([true, undefined, []]);
    const { values } = reports;
    expect(typed(values.slice(0, 20))).toBe('Hi, "ESP"\n');
    expect(values.slice(0, 4)).toEqual([key(11, 2), released, key(12), released]);
    expect(values.slice(20)).toEqual([
      key(61, 4), released,
      { kind: 'keyboard', modifiers: 0, keys: [4, 5, 6, 7, 8, 9] }, released,
      { kind: 'mouse', buttons: 0, x: 10, y: -127, wheel: 1 },
      { kind: 'mouse', buttons: 2, x: 0, y: 0, wheel: 0 }, { kind: 'mouse', buttons: 0, x: 0, y: 0, wheel: 0 },
      { kind: 'consumer', usage: 233 }, { kind: 'consumer', usage: 0 },
    ]);
    expect(device.sent[0]).toBe('AT+BLEHIDINIT=1');
    reports.leave();
    world.run(10_000);
    expect(connected.values).toEqual([false, true, false]);
  });

  it('leaves no key down where nobody listens any more', () => {
    for (let delay = 0; delay < 60; delay += 2) {
      const { world, hid, plug } = set(firmware);
      const reports = plug();
      const work = observed(hid.type('abc'));
      world.run(delay);
      work.leave();
      world.run(5000);
      expect(reports.values.length % 2).toBe(0);
      expect(reports.values.at(-1) ?? released).toEqual(released);
      expect(reports.values.length).toBeLessThan(6);
    }
  });

  it('checks what it is given, and whether a host is there, before a byte is sent', () => {
    const { world, device, hid, plug } = set(firmware);
    const before = device.sent.length;
    expect(observed(hid.press([4])).error).toMatchObject({ kind: 'link', code: 'offline', retry: 'safe' });
    const secret = observed(hid.type('geheim über')).error;
    expect(secret).toMatchObject({ kind: 'usage', code: 'character', details: { index: 7 } });
    expect(JSON.stringify(secret) + String(secret)).not.toContain('geheim');
    plug();
    for (const wrong of [hid.press([1, 2, 3, 4, 5, 6, 7]), hid.press([256]), hid.move({ x: 128 }), hid.consumer(65_536)]) {
      const seen = observed(wrong);
      world.run();
      expect(seen.error).toMatchObject({ kind: 'usage' });
    }
    expect(device.sent.slice(before)).toEqual([]);
    expect(observed(ble.peripheral(device.at)).error).toMatchObject({ kind: 'usage', code: 'role' });
    expect(observed(ble.central(device.at)).error).toMatchObject({ kind: 'usage', code: 'role' });
    expect(observed(ble.bluFi(device.at)).error).toMatchObject({ kind: 'usage', code: 'role' });
  });

  it('ends in an error where the host leaves in the middle, and the line is in order', () => {
    const { world, device, seen, hid, plug } = set(firmware);
    const reports = plug();
    const work = observed(hid.type('a'.repeat(200)));
    world.run(100);
    reports.leave();
    world.run(10_000);
    expect(work.error).toMatchObject({ kind: 'link', code: 'offline' });
    const again = plug();
    const more = observed(hid.type('ok'));
    world.run(3000);
    expect([more.completed, typed(again.values)]).toEqual([true, 'ok']);
    seen.leave();
    world.run(3000);
    expect(device.sent.at(-1)).toBe('AT+BLEHIDINIT=0');
    expect(observed(hid.type('x')).error).toMatchObject({ kind: 'link', code: 'closed' });
    expect(device.violations).toEqual([]);
  });

  it('is another one after a restart', () => {
    const { world, device, seen, hid, plug } = set(firmware);
    plug();
    const connected = observed(hid.connected);
    device.board.reset();
    world.run(20_000);
    expect([seen.values.length, connected.completed]).toEqual([2, true]);
    expect(observed(hid.press([4])).error).toMatchObject({ kind: 'module', code: 'reset' });
    const reports = plug();
    const work = observed(seen.values[1]?.type('ok') ?? NEVER);
    world.run(3000);
    expect([work.completed, typed(reports.values)]).toEqual([true, 'ok']);
  });
});
