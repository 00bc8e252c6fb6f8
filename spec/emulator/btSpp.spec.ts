import { ERROR, OK } from './bench.js';
import { BtBench, masterMac, slaveMac } from './btBench.js';
import type { BleHost } from './bleBench.js';

const send = (who: BleHost, data: string): string => {
  expect(who.command(`AT+BTSPPSEND=0,${data.length}`)).toBe('>');
  return who.send(data, 2000);
};

/** The bytes of a stream of +BTDATA. */
const data = (heard: string): string => {
  let found = '';
  for (let rest = heard; rest !== ''; ) {
    const [head = '', length = ''] = /^\+BTDATA:(\d+),/.exec(rest) ?? [];
    if (head === '') throw new Error(`no data: ${rest.slice(0, 40)}`);
    const end = head.length + Number(length);
    found += rest.slice(head.length, end);
    expect(rest.slice(end, end + 2)).toBe('\r\n');
    rest = rest.slice(end + 2);
  }
  return found;
};

const noise = (length: number): string => {
  let state = 7;
  return Array.from({ length }, () => {
    state = (state * 1103515245 + 12345) & 0x7fffffff;
    return String.fromCharCode((state >> 16) & 0xff);
  }).join('');
};

describe.each(['2.0.0', '2.1.0', '4.1.0'] as const)('%s', (firmware) => {
  const later = firmware === '4.1.0';

  test('a length of bytes goes behind a bare prompt, and arrives counted', () => {
    const bench = new BtBench(firmware);
    bench.connect();
    expect(send(bench.master, 'te\r\nOK\r\n\0"st')).toBe(OK);
    expect(bench.slave.take()).toBe('+BTDATA:12,te\r\nOK\r\n\0"st\r\n');
    expect(send(bench.slave, '>')).toBe(OK);
    expect(bench.master.take()).toBe('+BTDATA:1,>\r\n');
    for (const line of ['AT+BTSPPSEND=1,4', 'AT+BTSPPSEND=0,0', 'AT+BTSPPSEND=0']) expect([line, bench.master.command(line)]).toEqual([line, ERROR]);
  });

  test('raw until +++, in both directions at once', () => {
    const bench = new BtBench(firmware);
    const { master, slave } = bench;
    bench.connect();
    master.command('AT+SYSMSG=1');
    const prompt = `${OK}\r\n>`;
    expect(master.command('AT+BTSPPSEND')).toBe(prompt);
    expect(slave.command('AT+BTSPPSEND')).toBe(prompt);
    master.send('AT+GMR\r\n+++ is no escape here');
    expect(slave.take()).toBe('AT+GMR\r\n+++ is no escape here');
    slave.send('back');
    expect(master.take()).toBe('back');
    expect(master.send('+++', 1000)).toBe('\r\n+QUITT\r\n');
    expect(slave.send('+++', 1000)).toBe('');
    expect(slave.take()).toBe('');
    expect(send(master, 'x')).toBe(OK);
    expect(slave.take()).toBe('+BTDATA:1,x\r\n');
  });

  test('in raw mode the end of a connection and the next one are told with bit 2 of AT+SYSMSG only', () => {
    const bench = new BtBench(firmware);
    const { master, slave } = bench;
    bench.connect();
    const gone = `+BTSPPDISCONN:0,"${slaveMac}"\r\n`;
    const again = (): void => {
      expect(master.command('AT+BTSPPDISCONN=0')).toBe(later ? gone + OK : OK + gone);
      expect(master.command(`AT+BTSPPCONN=0,0,"${slaveMac}"`, 2000)).toContain(`+BTSPPCONN:0,"${slaveMac}"`);
    };
    slave.command('AT+BTSPPSEND');
    again();
    expect(slave.send('+++', 1500)).toBe('');
    // 2.1 has no such bit.
    expect(slave.command('AT+SYSMSG=4')).toBe(firmware === '2.1.0' ? ERROR : OK);
    slave.command('AT+BTSPPSEND');
    again();
    expect(slave.take()).toBe(firmware === '2.1.0' ? '' : `+BTSPPDISCONN:0,"${masterMac}"\r\n+BTSPPCONN:0,"${masterMac}"\r\n`);
  });
});

test('what waited in raw mode comes with the next connection', () => {
  const bench = new BtBench('4.1.0');
  const { master, slave } = bench;
  bench.connect();
  slave.command('AT+BTSPPSEND');
  master.command('AT+BTSPPDISCONN=0');
  slave.send('kept');
  expect(master.command(`AT+BTSPPCONN=0,0,"${slaveMac}"`, 2000)).toContain('+BTDATA:4,kept\r\n');
});

test.each([0, 0.2])('200 kB of noise each way arrive whole, with a loss of %s', (loss) => {
  const bench = new BtBench('4.1.0', { loss });
  bench.prepare();
  expect(bench.master.command(`AT+BTSPPCONN=0,0,"${slaveMac}"`, 6000)).toContain(OK);
  bench.slave.take();
  for (const [from, to] of [[bench.master, bench.slave], [bench.slave, bench.master]] as const) {
    const bytes = noise(200_000);
    let got = '';
    for (let at = 0; at < bytes.length; at += 20_000) {
      expect(send(from, bytes.slice(at, at + 20_000))).toBe(OK);
      got += data(to.take());
    }
    expect(got).toBe(bytes);
  }
});

test('a host that takes nothing stalls the sender after a bounded number of bytes', () => {
  const bench = new BtBench('4.1.0');
  bench.connect();
  const { master, slave } = bench;
  slave.hold(true);
  const bytes = noise(30_000);
  expect(master.command('AT+BTSPPSEND=0,30000')).toBe('>');
  expect(master.send(bytes, 20_000)).toBe('');
  const held = slave.take();
  slave.hold(false);
  bench.wait(5000);
  expect(master.take()).toBe(OK);
  expect(data(held + slave.take())).toBe(bytes);
});

test('in raw mode such a host holds the line of the sender, and nothing is lost', () => {
  const bench = new BtBench('4.1.0');
  bench.connect();
  const { master, slave } = bench;
  master.command('AT+BTSPPSEND');
  slave.command('AT+BTSPPSEND');
  slave.hold(true);
  const bytes = noise(60_000).replace(/\+/g, '-');
  let written = 0;
  const next = (): void => {
    if (written < bytes.length) master.post(bytes.slice(written, written + 1000)).subscribe({ complete: () => ((written += 1000), next()) });
  };
  next();
  bench.wait(20_000);
  const stalled = written;
  expect(stalled).toBeGreaterThan(10_000);
  expect(stalled).toBeLessThan(40_000);
  bench.wait(20_000);
  expect(written).toBe(stalled);
  slave.hold(false);
  bench.wait(10_000);
  expect(written).toBe(60_000);
  expect(slave.take()).toBe(bytes);
});

test('a send that its connection does not outlive is an ERROR', () => {
  const bench = new BtBench('4.1.0');
  bench.connect();
  expect(bench.master.command('AT+BTSPPSEND=0,4')).toBe('>');
  bench.air.place(slaveMac, { x: 60, y: 0 });
  expect(bench.master.send('test', 21_000)).toBe(`+BTSPPDISCONN:0,"${slaveMac}"\r\n${ERROR}`);
  expect(bench.master.command('AT+BTSPPSEND=0,4')).toBe(ERROR);
  expect(bench.master.command('AT+BTSPPSEND')).toBe(ERROR);
});
