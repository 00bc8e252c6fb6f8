import { emulatedReleases } from 'rx-esp-at/emulator';
import { Bench, ERROR, OK } from './bench.js';
import { BtBench, masterMac, slaveMac } from './btBench.js';

const rows = (text: string): readonly string[] => text.split('\r\n').filter((line) => line.startsWith('+BTSTARTDISC'));

describe.each(['2.0.0', '2.1.0', '4.1.0'] as const)('the device in %s', (firmware) => {
  const later = firmware === '4.1.0';
  const quote = firmware === '2.0.0' ? '' : '"';

  test('nothing goes before AT+BTINIT, and nothing is left of it after AT+BTINIT=0 or a restart', () => {
    const { slave } = new BtBench(firmware);
    const refused = [
      'AT+BTNAME="x"', 'AT+BTSCANMODE=2', 'AT+BTSTARTDISC=0,1,0', 'AT+BTCOD=1,1,1', 'AT+BTSECPARAM?', 'AT+BTSECPARAM=3,0', 'AT+BTENCDEV?', 'AT+BTENCCLEAR', 'AT+BTKEYREPLY=0,1',
      'AT+BTSPPINIT=1', 'AT+BTSPPSTART', 'AT+BTSPPSEND', 'AT+BTSPPSEND=0,1', 'AT+BTSPPDISCONN=0', 'AT+BTA2DPINIT=0,1', 'AT+BTA2DPSRC?', 'AT+BTA2DPCTRL=0,1', 'AT+BTA2DPDISCONN=0',
    ];
    for (const line of refused) expect([line, slave.command(line)]).toEqual([line, ERROR]);
    const state = (): readonly string[] => ['AT+BTINIT?', 'AT+BTNAME?', 'AT+BTSPPINIT?', 'AT+BTSPPCONN?', 'AT+BTA2DPINIT?', 'AT+BTA2DPCONN?'].map((line) => slave.command(line));
    const off = ['+BTINIT:0', '+BTNAME:', '+BTSPPINIT:0', '+BTSPPCONN:-1', '+BTA2DPINIT:0', '+BTA2DPCONN:-1'].map((line) => `${line}\r\n${OK}`);
    expect(state()).toEqual(off);
    const set = ['AT+BTINIT=1', 'AT+BTSCANMODE=2', 'AT+BTSPPINIT=2', 'AT+BTA2DPINIT=1,1', 'AT+BTNAME="lamp"'];
    const on = ['+BTINIT:1', '+BTNAME:lamp', '+BTSPPINIT:1', '+BTSPPCONN:-1', '+BTA2DPINIT:1', '+BTA2DPCONN:-1'].map((line) => `${line}\r\n${OK}`);
    for (const leave of ['AT+BTINIT=0', 'AT+RST']) {
      for (const line of set) expect([line, slave.command(line)]).toEqual([line, OK]);
      expect(state()).toEqual(on);
      slave.command(leave, 3000);
      slave.command('ATE0');
      slave.take();
      expect(state()).toEqual(off);
      expect(slave.command('AT+BTINIT=1')).toBe(OK);
      // The name alone is kept.
      expect(slave.command('AT+BTNAME?')).toBe(`+BTNAME:lamp\r\n${OK}`);
      expect(slave.command('AT+BTSCANMODE?')).toBe(firmware === '2.0.0' ? ERROR : `+BTSCANMODE:0${OK}`);
      slave.command('AT+BTINIT=0');
    }
  });

  test('a discovery finds who is discoverable, with name, classes and signal', () => {
    const bench = new BtBench(firmware);
    const { master, slave } = bench;
    bench.prepare();
    const far = bench.host({ bleMac: 'ac:d6:18:47:0c:ae', place: { x: 49, y: 0 }, seed: 3 });
    for (const line of ['AT+BTINIT=1', 'AT+BTSCANMODE=3', 'AT+BTCOD=6,32,33']) expect(far.command(line)).toBe(OK);
    const all = master.command('AT+BTSTARTDISC=0,4,0', 4 * 1280 + 100);
    expect(all.endsWith(`\r\n${OK}`)).toBe(true);
    const near = rows(all).filter((line) => new RegExp(`^\\+BTSTARTDISC:${quote}${slaveMac}${quote},EXAMPLE,,,,-4[2-8]$`).test(line));
    const classed = rows(all).filter((line) => new RegExp(`^\\+BTSTARTDISC:${quote}ac:d6:18:47:0c:ae${quote},ESP32_AT,0x6,0x20,0x21,-(7[6-9]|8[0-2])$`).test(line));
    expect(near.length).toBeGreaterThanOrEqual(2);
    expect(classed.length).toBeGreaterThanOrEqual(2);
    expect(near.length + classed.length).toBe(rows(all).length);
    // The limited one hears the bit of its service class only.
    expect(rows(master.command('AT+BTSTARTDISC=1,4,0', 6000)).every((line) => line.includes('ac:d6:18:47:0c:ae'))).toBe(true);
    // So many answers and no more; then it ends early.
    const three = master.command('AT+BTSTARTDISC=0,48,3', 8000);
    expect([rows(three).length, three.endsWith(OK)]).toEqual([3, true]);
    // Not when hidden or connectable alone, and not out of reach.
    bench.air.place('ac:d6:18:47:0c:ae', { x: 51, y: 0 });
    for (const mode of [0, 1]) {
      expect(slave.command(`AT+BTSCANMODE=${mode}`)).toBe(OK);
      expect(master.command('AT+BTSTARTDISC=0,2,0', 3000)).toBe(OK);
    }
    for (const line of ['AT+BTSTARTDISC=2,1,0', 'AT+BTSTARTDISC=0,0,0', 'AT+BTSTARTDISC=0,49,0', 'AT+BTSTARTDISC=0,1,256', 'AT+BTSTARTDISC=0,1']) expect([line, master.command(line)]).toEqual([line, ERROR]);
  });

  test('two boards connect, and either ends it: the example of the documents', () => {
    const bench = new BtBench(firmware);
    const { master, slave } = bench;
    bench.prepare();
    expect(slave.command('AT+BTSECPARAM=3,1,"9527"')).toBe(OK);
    expect(slave.command('AT+BTSECPARAM?')).toBe(`+BTSECPARAM:3,1,9527\r\n${OK}`);
    const made = `+BTSPPCONN:0,"${slaveMac}"\r\n`;
    expect(master.command(`AT+BTSPPCONN=0,0,"${slaveMac}"`, 2000)).toBe(later ? made + OK : OK + made);
    expect(slave.take()).toBe(`+BTSPPCONN:0,"${masterMac}"\r\n`);
    expect(master.command('AT+BTSPPCONN?')).toBe(made + OK);
    expect(master.command(`AT+BTSPPCONN=0,0,"${slaveMac}"`)).toBe(ERROR);
    const gone = `+BTSPPDISCONN:0,"${masterMac}"\r\n`;
    expect(slave.command('AT+BTSPPDISCONN=0')).toBe(later ? gone + OK : OK + gone);
    expect(master.take()).toBe(`+BTSPPDISCONN:0,"${slaveMac}"\r\n`);
    expect(slave.command('AT+BTSPPDISCONN=0')).toBe(ERROR);
    // The slave goes on serving.
    expect(master.command(`AT+BTSPPCONN=0,0,"${slaveMac}"`, 2000)).toContain(made);
  });

  test.each([
    ['does not serve', ['AT+BTSPPINIT=0', 'AT+BTSPPINIT=2']], ['is no slave', ['AT+BTSPPINIT=0', 'AT+BTSPPINIT=1']], ['is not connectable', ['AT+BTSCANMODE=3']], ['is off', ['AT+BTINIT=0']],
  ])('who %s cannot be connected to', (_, lines) => {
    const bench = new BtBench(firmware);
    bench.prepare();
    for (const line of lines) expect(bench.slave.command(line)).toBe(OK);
    expect(bench.master.command(`AT+BTSPPCONN=0,0,"${slaveMac}"`, 6000)).toBe(later ? `+BTSPPCONN:-1\r\n${ERROR}` : `${OK}+BTSPPCONN:-1\r\n`);
    expect(bench.slave.take()).toBe('');
  });

  test('roles: a slave does not connect, a master does not serve, and the role stays until the profile is off', () => {
    const bench = new BtBench(firmware);
    bench.prepare();
    expect(bench.slave.command(`AT+BTSPPCONN=0,0,"${masterMac}"`)).toBe(ERROR);
    expect(bench.master.command('AT+BTSPPSTART')).toBe(ERROR);
    expect(bench.master.command('AT+BTSPPINIT=2')).toBe(ERROR);
    expect(bench.master.command('AT+BTSPPINIT=0')).toBe(OK);
    expect(bench.master.command('AT+BTSPPINIT=2')).toBe(OK);
    for (const line of ['AT+BTSPPCONN=1,0,"02:00:00:00:00:01"', 'AT+BTSPPCONN=0,2,"02:00:00:00:00:01"', 'AT+BTSPPCONN=0,0,"02:00:00:00"']) expect([line, bench.slave.command(line)]).toEqual([line, ERROR]);
  });
});

test.each([...emulatedReleases.v1, ...emulatedReleases.nonos])('%s has no classic Bluetooth', (firmware) => {
  const bench = new Bench({ firmware });
  if (firmware === '1.1.3') bench.command('AT+SYSLOG=1');
  expect(bench.command('AT+BTINIT?')).toMatch(firmware === '1.1.3' ? /^ERR CODE:0x01090000\r\n\r\nERROR\r\n$/ : /^(AT\+BTINIT\?\r\r\n)?\r\nERROR\r\n$/);
});

test('a default build of upstream leaves it out: `without` says so', () => {
  const bench = new Bench({ without: ['bt'] });
  bench.command('AT+SYSLOG=1');
  expect(bench.command('AT+BTINIT=1')).toBe(`ERR CODE:0x01090000\r\n${ERROR}`);
});

test('Bluetooth and AT+CIPMODE=1 exclude each other', () => {
  const bench = new Bench();
  expect(bench.command('AT+CIPMODE=1')).toBe(OK);
  expect(bench.command('AT+BTINIT=1')).toBe(ERROR);
  expect(bench.command('AT+CIPMODE=0')).toBe(OK);
  expect(bench.command('AT+BTINIT=1')).toBe(OK);
  expect(bench.command('AT+CIPMODE=1')).toBe(ERROR);
});

test('a second slave is refused while the first connection stands, and both hear a lost one after the supervision timeout', () => {
  const bench = new BtBench('4.1.0');
  bench.connect();
  const third = bench.host({ bleMac: 'ac:d6:18:47:0c:ae', seed: 3 });
  for (const line of ['AT+BTINIT=1', 'AT+BTSPPINIT=1']) third.command(line);
  expect(third.command(`AT+BTSPPCONN=0,0,"${slaveMac}"`, 6000)).toBe(`+BTSPPCONN:-1\r\n${ERROR}`);
  bench.air.place(slaveMac, { x: 60, y: 0 });
  bench.wait(19_000);
  expect([bench.master.take(), bench.slave.take()]).toEqual(['', '']);
  bench.wait(2000);
  expect([bench.master.take(), bench.slave.take()]).toEqual([`+BTSPPDISCONN:0,"${slaveMac}"\r\n`, `+BTSPPDISCONN:0,"${masterMac}"\r\n`]);
});

test('a connection that is back in reach in time is kept; one whose other end restarts is lost', () => {
  const bench = new BtBench('4.1.0');
  bench.connect();
  bench.air.place(slaveMac, { x: 60, y: 0 });
  bench.wait(10_000);
  bench.air.place(slaveMac, { x: 1, y: 0 });
  bench.wait(30_000);
  expect(bench.master.command('AT+BTSPPCONN?')).toBe(`+BTSPPCONN:0,"${slaveMac}"\r\n${OK}`);
  bench.slave.module.reset();
  bench.wait(21_000);
  expect(bench.master.take()).toBe(`+BTSPPDISCONN:0,"${slaveMac}"\r\n`);
  expect(bench.slave.take()).toBe('\r\nready\r\n');
});
