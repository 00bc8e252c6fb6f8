import { ERROR, OK } from './bench.js';
import { BtBench, masterMac, slaveMac } from './btBench.js';
import type { BleHost } from './bleBench.js';

type Firmware = ConstructorParameters<typeof BtBench>[0];

/** A master and a slave with these IO capabilities. */
const facing = (firmware: Firmware, master: string, slave: string, simplePairing = true): BtBench => {
  const bench = new BtBench(firmware, {}, { simplePairing });
  bench.prepare();
  expect(bench.master.command(`AT+BTSECPARAM=${master}`)).toBe(OK);
  expect(bench.slave.command(`AT+BTSECPARAM=${slave}`)).toBe(OK);
  return bench;
};

const connect = (bench: BtBench, mode = 0x12, ms = 2000): string => bench.master.command(`AT+BTSPPCONN=0,${mode},"${slaveMac}"`, ms);
const made = `+BTSPPCONN:0,"${slaveMac}"\r\n`;
const taken = `+BTSPPCONN:0,"${masterMac}"\r\n`;
const none = '+BTSPPCONN:-1\r\n';
const bonds = ({ master, slave }: BtBench): readonly string[] => [master, slave].map((who) => who.command('AT+BTENCDEV?').replace(/(\r\n)+/g, '|'));
const number = (heard: string): string => /(?:CFMREQ:"[^"]*"|KEYNTF:0),(\d+)\r\n/.exec(heard)?.[1] ?? '';

/** What each side of a pair of capabilities (0 display, 1 display and yes or no, 2 keyboard, 3 neither) is asked or told: master's, slave's. */
const expected: Readonly<Record<string, readonly [RegExp, RegExp]>> = {
  '00': [/^$/, /^$/], '01': [/^$/, /^\+BTCFMREQ/], '02': [/^\+BTKEYNTF:0,\d+\r\n$/, /^\+BTKEYREQ/], '03': [/^$/, /^$/],
  '10': [/^\+BTCFMREQ/, /^$/], '11': [/^\+BTCFMREQ/, /^\+BTCFMREQ/], '12': [/^\+BTKEYNTF/, /^\+BTKEYREQ/], '13': [/^$/, /^$/],
  '20': [/^\+BTKEYREQ/, /^\+BTKEYNTF/], '21': [/^\+BTKEYREQ/, /^\+BTKEYNTF/], '22': [/^\+BTKEYREQ/, /^\+BTKEYREQ/], '23': [/^$/, /^$/],
  '30': [/^$/, /^$/], '31': [/^$/, /^$/], '32': [/^$/, /^$/], '33': [/^$/, /^$/],
};

const answer = (who: BleHost, asked: string, key: string): void => {
  const line = asked.startsWith('+BTCFMREQ') ? 'AT+BTSECCFM=0,1' : asked.startsWith('+BTKEYREQ') ? `AT+BTKEYREPLY=0,${key}` : undefined;
  if (line !== undefined) expect(who.command(line)).toContain(OK);
};

test.each(Object.entries(expected))('capabilities %s', (pair, [master, slave]) => {
  const bench = facing('4.1.0', `${pair[0]},0`, `${pair[1]},0`);
  const first = connect(bench).replace(OK, '').replace(made, '');
  const second = bench.slave.take().replace(taken, '');
  expect([first, second]).toEqual([expect.stringMatching(master), expect.stringMatching(slave)]);
  const key = number(first) || number(second) || '123456';
  if (pair === '11') expect(number(first)).toBe(number(second));
  answer(bench.master, first, key);
  answer(bench.slave, second, key);
  bench.wait(500);
  expect(bench.master.command('AT+BTSPPCONN?')).toContain(made + OK);
  expect(bonds(bench)).toEqual([`+BTENCDEV:0,"${slaveMac}"|OK|`, expect.stringContaining(`+BTENCDEV:0,"${masterMac}"|OK|`)]);
  // A key that both keep is enough the next time.
  expect(bench.master.command('AT+BTSPPDISCONN=0')).toContain(OK);
  expect(connect(bench)).toBe(made + OK);
  // One that nobody compared is not where somebody has to.
  const proved = ['02', '11', '12', '20', '21', '22'].includes(pair);
  expect(bench.master.command('AT+BTSPPDISCONN=0')).toContain(OK);
  const guarded = connect(bench, 0x3000);
  if (proved) expect(guarded).toBe(made + OK);
  else if (pair === '10') expect(guarded.startsWith(`${OK}+BTCFMREQ`)).toBe(true);
  else if (pair !== '01') expect(guarded).toBe(none + ERROR);
});

test.each(['2.0.0', '2.1.0'] as const)('%s: OK, then the questions, then the outcome', (firmware) => {
  const bench = facing(firmware, '1,0', '1,0');
  const [asked, other] = [connect(bench), bench.slave.take()];
  if (firmware === '2.0.0') expect([asked, other]).toEqual([`${OK}+BTCFMREQ:${slaveMac}\r\n`, `+BTCFMREQ:${masterMac}\r\n`]);
  else {
    expect(asked).toMatch(new RegExp(`^${OK}\\+BTCFMREQ:"${slaveMac}",\\d{1,6}\r\n$`));
    expect(other).toBe(`+BTCFMREQ:"${masterMac}",${number(asked)}\r\n`);
  }
  for (const line of ['AT+BTKEYREPLY=0,1', 'AT+BTPINREPLY=0,"1"', 'AT+BTSECCFM=1,1', 'AT+BTSECCFM=0,2']) expect([line, bench.master.command(line)]).toEqual([line, ERROR]);
  expect(bench.slave.command('AT+BTSECCFM=0,1')).toBe(OK);
  expect(bench.master.command('AT+BTSECCFM=0,1')).toBe(`${OK}${made}`);
  expect(bench.slave.take()).toBe(taken);
  expect(bench.master.command('AT+BTSECCFM=0,1')).toBe(ERROR);
  const quote = firmware === '2.0.0' ? '' : '"';
  // Without a line end of its own.
  expect(bench.master.command('AT+BTENCDEV?')).toBe(`+BTENCDEV:0,${quote}${slaveMac}${quote}${OK}`);
});

describe.each(['2.1.0', '4.1.0'] as const)('%s: what goes wrong', (firmware) => {
  const later = firmware === '4.1.0';

  test('a rejected comparison', () => {
    for (const who of ['master', 'slave'] as const) {
      const bench = facing(firmware, '1,0', '1,0');
      connect(bench);
      bench.slave.take();
      // After a question the OK was said already.
      expect(bench[who].command('AT+BTSECCFM=0,0')).toBe(who === 'master' ? `${OK}${none}` : OK);
      expect(bench.master.take()).toBe(who === 'master' ? '' : none);
      expect(bonds(bench)).toEqual(['|OK|', '|OK|']);
      expect(bench[who].command('AT+BTSECCFM=0,1')).toBe(ERROR);
    }
  });

  test('a wrong passkey', () => {
    const bench = facing(firmware, '0,0', '2,0');
    const shown = number(connect(bench));
    expect(bench.slave.take()).toBe(`+BTKEYREQ:"${masterMac}"\r\n`);
    expect(bench.slave.command(`AT+BTKEYREPLY=0,${(Number(shown) + 1) % 1_000_000}`)).toBe(OK);
    expect(bench.master.take()).toBe(later ? none + ERROR : none);
    expect(bonds(bench)).toEqual(['|OK|', '|OK|']);
  });

  test('no answer for 30 s', () => {
    const bench = facing(firmware, '2,0', '1,0');
    expect(connect(bench)).toBe(`${OK}+BTKEYREQ:"${slaveMac}"\r\n`);
    bench.wait(30_000);
    expect(bench.master.take()).toBe(none);
    expect(bench.master.command('AT+BTKEYREPLY=0,1')).toBe(ERROR);
    // And the next attempt is a new one.
    expect(connect(bench, 0)).toContain(made);
  });

  test('the other side goes off while it is asked', () => {
    const bench = facing(firmware, '0,0', '2,0');
    connect(bench);
    expect(bench.slave.command('AT+BTINIT=0')).toContain(OK);
    bench.wait(30_000);
    expect(bench.master.take()).toBe(later ? none + ERROR : none);
  });
});

describe('PINs, as before Bluetooth 2.1', () => {
  test('are asked for where they are variable, and answered where they are fixed', () => {
    const bench = facing('4.1.0', '3,0', '3,1,"9527"', false);
    expect(connect(bench)).toBe(`${OK}+BTPINREQ:"${slaveMac}"\r\n`);
    expect(bench.master.command('AT+BTPINREPLY=0,"12345678901234567"')).toBe(ERROR);
    expect(bench.master.command('AT+BTPINREPLY=0,"9527"')).toBe(`${OK}${made}`);
    expect(bench.slave.take()).toBe(taken);
  });

  test.each([['9528', '9527', 0x12, false], ['9527', '9527', 0x4000, false], ['1234567890123456', '1234567890123456', 0x4000, true], ['1', '1', 0x40, false]])('%s against %s, mode %s', (mine, theirs, mode, good) => {
    const bench = facing('4.1.0', `3,1,"${mine}"`, `3,1,"${theirs}"`, false);
    expect(connect(bench, mode)).toBe(good ? made + OK : none + ERROR);
  });

  test('one side that knows no better is enough', () => {
    const bench = new BtBench('2.0.0', {}, {}, { simplePairing: false });
    bench.prepare();
    bench.slave.command('AT+BTSECPARAM=1,1,"1"');
    expect(connect(bench)).toBe(`${OK}+BTPINREQ:${slaveMac}\r\n`);
    expect(bench.master.command('AT+BTPINREPLY=0,"1"')).toBe(`${OK}${made}`);
  });

  test('a fixed one has to be given, a variable one is ignored', () => {
    const { master } = facing('4.1.0', '3,0,"12"', '3,0');
    expect(master.command('AT+BTSECPARAM?')).toBe(`+BTSECPARAM:3,0,\r\n${OK}`);
    for (const line of ['AT+BTSECPARAM=3,1', 'AT+BTSECPARAM=4,0', 'AT+BTSECPARAM=3,2', 'AT+BTSECPARAM=3,1,""', 'AT+BTSECPARAM=3,1,"12345678901234567"']) expect([line, master.command(line)]).toEqual([line, ERROR]);
  });
});

test('bonds outlive a restart, are cleared one by one or together, and one cleared on one side only is made anew', () => {
  const bench = facing('4.1.0', '3,0', '3,0');
  expect(connect(bench)).toBe(made + OK);
  bench.master.command('AT+BTSPPDISCONN=0');
  bench.slave.command('AT+RST', 3000);
  bench.slave.command('ATE0');
  for (const line of ['AT+BTINIT=1', 'AT+BTSPPINIT=2', 'AT+BTSCANMODE=1', 'AT+BTSPPSTART']) bench.slave.command(line);
  bench.slave.take();
  expect(bench.slave.command('AT+BTENCDEV?')).toBe(`+BTENCDEV:0,"${masterMac}"\r\n${OK}`);
  expect(bench.slave.command('AT+BTENCCLEAR=1')).toBe(ERROR);
  expect(bench.slave.command('AT+BTENCCLEAR=0')).toBe(OK);
  expect(bonds(bench)[1]).toBe('|OK|');
  bench.slave.command('AT+BTSECPARAM=1,0');
  bench.master.command('AT+BTSECPARAM=1,0');
  // The master still has its key, the slave has none.
  expect(connect(bench)).toContain('+BTCFMREQ');
  bench.slave.take();
  bench.slave.command('AT+BTSECCFM=0,1');
  expect(bench.master.command('AT+BTSECCFM=0,1')).toBe(`${OK}${made}`);
  expect(bench.master.command('AT+BTENCCLEAR')).toBe(OK);
  expect(bonds(bench)[0]).toBe('|OK|');
});

test.each(['2.0.0', '2.1.0', '4.1.0'] as const)('%s lists several bonds, and an index is one of the list', (firmware) => {
  const bench = facing(firmware, '3,0', '3,0');
  connect(bench);
  const third = bench.host({ bleMac: 'ac:d6:18:47:0c:ae', seed: 3 });
  bench.master.command('AT+BTSPPDISCONN=0');
  for (const line of ['AT+BTINIT=1', 'AT+BTSPPINIT=1']) third.command(line);
  expect(third.command(`AT+BTSPPCONN=0,0x24,"${slaveMac}"`, 2000)).toContain(made);
  bench.slave.take();
  const quote = firmware === '2.0.0' ? '' : '"';
  const [first, second] = [masterMac, 'ac:d6:18:47:0c:ae'].map((mac) => `${quote}${mac}${quote}`);
  const end = firmware === '4.1.0' ? '\r\n' : '';
  expect(bench.slave.command('AT+BTENCDEV?')).toBe(`+BTENCDEV:0,${first}\r\n+BTENCDEV:1,${second}${end}${OK}`);
  expect(bench.slave.command('AT+BTENCCLEAR=0')).toBe(OK);
  expect(bench.slave.command('AT+BTENCDEV?')).toBe(`+BTENCDEV:0,${second}${end}${OK}`);
});

test('two pairings at once: the second one is refused', () => {
  const bench = facing('4.1.0', '1,0', '1,0');
  const third = bench.host({ bleMac: 'ac:d6:18:47:0c:ae', seed: 3 });
  for (const line of ['AT+BTINIT=1', 'AT+BTSPPINIT=1', 'AT+BTSECPARAM=1,0']) third.command(line);
  connect(bench);
  expect(third.command(`AT+BTSPPCONN=0,18,"${slaveMac}"`, 6000)).toBe(none + ERROR);
  bench.slave.command('AT+BTSECCFM=0,1');
  expect(bench.master.command('AT+BTSECCFM=0,1')).toBe(`${OK}${made}`);
});
