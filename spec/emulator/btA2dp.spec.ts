import { inMemoryWeb, type AudioEvent } from 'rx-esp-at/emulator';
import { ERROR, OK } from './bench.js';
import { BtBench, masterMac as sourceMac, slaveMac as sinkMac } from './btBench.js';

/** A source and a sink, and what both of them do and hear. */
class A2dpBench extends BtBench {
  readonly atSource: AudioEvent[] = [];
  readonly atSink: AudioEvent[] = [];

  constructor(firmware: ConstructorParameters<typeof BtBench>[0], more: ConstructorParameters<typeof BtBench>[2] = {}) {
    super(firmware, {}, more, {});
    this.master.module.audio.subscribe((event) => this.atSource.push(event));
    this.slave.module.audio.subscribe((event) => this.atSink.push(event));
    for (const line of ['AT+BTINIT=1', 'AT+BTA2DPINIT=0,1']) expect(this.master.command(line)).toBe(OK);
    for (const line of ['AT+BTINIT=1', 'AT+BTA2DPINIT=1,1', 'AT+BTSCANMODE=2']) expect(this.slave.command(line)).toBe(OK);
  }

  join(): void {
    expect(this.master.command(`AT+BTA2DPCONN=0,"${sinkMac}"`, 2000)).toBe(`${OK}+BTA2DPCONN:0,"${sinkMac}"\r\n`);
    expect(this.slave.take()).toBe(`+BTA2DPCONN:0,"${sourceMac}"\r\n`);
  }

  /** Puts a piece of music of so many bytes into the source's file system, and names it. */
  store(bytes: number): void {
    expect(this.master.command(`AT+FS=0,1,"song.mp3",0,${bytes}`)).toBe('>');
    expect(this.master.send('m'.repeat(bytes), 1000)).toBe(OK);
    expect(this.master.command('AT+BTA2DPSRC=0,"flash://spiffs/song.mp3"')).toBe(OK);
  }

  get heard(): number {
    return this.atSink.reduce((sum, event) => sum + (event.kind === 'data' ? event.bytes.length : 0), 0);
  }

  states(events: readonly AudioEvent[]): readonly string[] {
    return events.flatMap((event) => (event.kind === 'data' ? [] : [event.kind === 'control' ? event.control : event.kind]));
  }
}

describe.each(['2.0.0', '2.1.0', '4.1.0'] as const)('%s', (firmware) => {
  test('connects either way round, shows and ends it', () => {
    const bench = new A2dpBench(firmware);
    const { master, slave } = bench;
    expect(master.command('AT+BTA2DPCONN?')).toBe(`+BTA2DPCONN:-1\r\n${OK}`);
    expect(master.command('AT+BTA2DPDISCONN=0')).toBe(ERROR);
    bench.join();
    expect(master.command('AT+BTA2DPCONN?')).toBe(`+BTA2DPCONN:0,"${sinkMac}"\r\n${OK}`);
    expect(master.command(`AT+BTA2DPCONN=0,"${sinkMac}"`)).toBe(ERROR);
    expect(slave.command('AT+BTA2DPDISCONN=0')).toBe(`${OK}+BTA2DPDISCONN:0,"${sourceMac}"\r\n`);
    expect(master.take()).toBe(`+BTA2DPDISCONN:0,"${sinkMac}"\r\n`);
    // A key was made on the way.
    expect(master.command('AT+BTENCDEV?')).toContain(sinkMac);
    master.command('AT+BTSCANMODE=1');
    expect(slave.command(`AT+BTA2DPCONN=0,"${sourceMac}"`, 2000)).toBe(`${OK}+BTA2DPCONN:0,"${sourceMac}"\r\n`);
    expect(master.take()).toBe(`+BTA2DPCONN:0,"${sinkMac}"\r\n`);
    expect(master.command('AT+BTA2DPINIT=0,0')).toBe(`${OK}+BTA2DPDISCONN:0,"${sinkMac}"\r\n`);
    expect(slave.take()).toBe(`+BTA2DPDISCONN:0,"${sourceMac}"\r\n`);
  });

  test('two of a role, or nobody, come to nothing', () => {
    const bench = new A2dpBench(firmware);
    const failed = `${OK}+BTA2DPCONN:${firmware === '4.1.0' ? '0,-1' : '-1'}\r\n`;
    expect(bench.slave.command('AT+BTA2DPINIT=0,1')).toBe(ERROR);
    for (const line of ['AT+BTA2DPINIT=1,0', 'AT+BTA2DPINIT=0,1']) expect(bench.slave.command(line)).toBe(OK);
    expect(bench.master.command(`AT+BTA2DPCONN=0,"${sinkMac}"`, 6000)).toBe(failed);
    expect(bench.master.command('AT+BTA2DPCONN=0,"02:00:00:00:00:01"', 6000)).toBe(failed);
  });
});

test('the source plays a file at the pace of music, suspends, goes on and ends with it', () => {
  const bench = new A2dpBench('4.1.0');
  const { master } = bench;
  expect(master.command('AT+BTA2DPSRC?')).toBe(`+BTA2DPSRC:NULL,NULL\r\n${OK}`);
  expect(master.command('AT+BTA2DPCTRL=0,1')).toBe(ERROR);
  bench.join();
  expect(master.command('AT+BTA2DPCTRL=0,1')).toBe(ERROR);
  for (const url of ['flash://spiffs/song.wav', 'ftp://host/song.mp3', 'song.mp3', '']) expect([url, master.command(`AT+BTA2DPSRC=0,"${url}"`)]).toEqual([url, ERROR]);
  master.command('AT+BTA2DPSRC=0,"flash://spiffs/none.mp3"');
  expect(master.command('AT+BTA2DPCTRL=0,1')).toBe(ERROR);
  bench.store(40_000);
  expect(master.command('AT+BTA2DPSRC?')).toBe(`+BTA2DPSRC:flash://spiffs/song.mp3,mp3\r\n${OK}`);
  expect(master.command('AT+BTA2DPCTRL=0,1', 1000)).toBe(OK);
  expect(bench.heard).toBeGreaterThan(15_000);
  expect(bench.heard).toBeLessThanOrEqual(16_000);
  expect(master.command('AT+BTA2DPCTRL=0,2')).toBe(OK);
  const held = bench.heard;
  bench.wait(1000);
  expect(bench.heard).toBe(held);
  expect(master.command('AT+BTA2DPCTRL=0,1', 3000)).toBe(OK);
  expect(bench.heard).toBe(40_000);
  expect(bench.states(bench.atSource)).toEqual(['playing', 'suspended', 'playing', 'stopped']);
  expect(bench.states(bench.atSink)).toEqual(['playing', 'suspended', 'playing', 'stopped']);
  // From the beginning again.
  expect(master.command('AT+BTA2DPCTRL=0,1', 1000)).toBe(OK);
  expect(master.command('AT+BTA2DPCTRL=0,0')).toBe(OK);
  expect(bench.heard).toBeGreaterThan(55_000);
  for (const control of [3, 4, 5, 6]) expect(master.command(`AT+BTA2DPCTRL=0,${control}`)).toBe(ERROR);
});

test('the sink is a remote control', () => {
  const bench = new A2dpBench('4.1.0');
  bench.join();
  bench.store(8000);
  for (const control of [1, 2, 3, 4, 5, 0]) expect(bench.slave.command(`AT+BTA2DPCTRL=0,${control}`, 50)).toBe(OK);
  expect(bench.states(bench.atSource)).toEqual(['play', 'playing', 'forward', 'backward', 'fast-forward', 'fast-forward-stop', 'stop', 'stopped']);
  expect(bench.states(bench.atSink)).toEqual(['playing', 'stopped']);
  expect(bench.slave.command('AT+BTA2DPSRC?')).toBe(ERROR);
  expect(bench.slave.command('AT+BTA2DPCTRL=0,6')).toBe(ERROR);
});

test('music of a web server; one that is not there stops at once', () => {
  const servers: NonNullable<Parameters<typeof inMemoryWeb>[0]>['servers'] = { 'music.test:80': ({ path }) => ({ status: path === '/song.mp3' ? 200 : 404, body: 'm'.repeat(5000) }) };
  const bench = new A2dpBench('4.1.0', (scheduler) => ({ http: inMemoryWeb({ servers, scheduler }) }));
  bench.master.command('AT+CWMODE=1');
  bench.master.command('AT+CWJAP="Espressif",""', 2000);
  bench.join();
  expect(bench.master.command('AT+BTA2DPSRC=0,"http://music.test/none.mp3"')).toBe(OK);
  expect(bench.master.command('AT+BTA2DPCTRL=0,1', 2000)).toBe(OK);
  expect([bench.heard, bench.states(bench.atSource)]).toEqual([0, ['playing', 'stopped']]);
  expect(bench.master.command('AT+BTA2DPSRC=0,"http://music.test/song.mp3"')).toBe(OK);
  expect(bench.master.command('AT+BTA2DPCTRL=0,1', 2000)).toBe(OK);
  expect(bench.heard).toBe(5000);
});

test('an endless stream is read as it is played', () => {
  let drawn = 0;
  const chunks = function* (): Generator<string> {
    for (;;) {
      drawn += 1000;
      yield 'm'.repeat(1000);
    }
  };
  const bench = new A2dpBench('4.1.0', (scheduler) => ({ http: inMemoryWeb({ servers: { 'radio.test:80': () => ({ chunks: chunks() }) }, scheduler }) }));
  bench.master.command('AT+CWMODE=1');
  bench.master.command('AT+CWJAP="Espressif",""', 2000);
  bench.join();
  expect(bench.master.command('AT+BTA2DPSRC=0,"http://radio.test/live.mp3"')).toBe(OK);
  expect(bench.master.command('AT+BTA2DPCTRL=0,1', 10_000)).toBe(OK);
  expect(bench.heard).toBeGreaterThan(150_000);
  expect(drawn).toBeGreaterThan(150_000);
  expect(drawn).toBeLessThan(bench.heard + 20_000);
  bench.master.command('AT+BTA2DPCTRL=0,0');
  const before = drawn;
  bench.wait(5000);
  expect(drawn).toBe(before);
});

test('music and a serial line at once, and Bluetooth LE beside them', () => {
  const bench = new A2dpBench('4.1.0');
  const { master, slave } = bench;
  bench.join();
  bench.store(8000);
  for (const line of ['AT+BTSPPINIT=1', 'AT+BLEINIT=1']) expect(master.command(line)).toBe(OK);
  for (const line of ['AT+BTSPPINIT=2', 'AT+BTSPPSTART', 'AT+BLEINIT=2', 'AT+BLEADVSTART']) expect(slave.command(line)).toBe(OK);
  expect(master.command(`AT+BTSPPCONN=0,0,"${sinkMac}"`, 2000)).toContain(OK);
  expect(master.command(`AT+BLECONN=0,"${sinkMac}"`, 2000)).toContain(OK);
  expect(slave.take()).toBe(`+BTSPPCONN:0,"${sourceMac}"\r\n+BLECONN:0,"${sourceMac}"\r\n`);
  expect(master.command('AT+BTA2DPCTRL=0,1', 100)).toBe(OK);
  expect(master.command('AT+BTSPPSEND=0,4')).toBe('>');
  expect(master.send('test')).toBe(OK);
  expect(slave.take()).toBe('+BTDATA:4,test\r\n');
  bench.wait(500);
  expect(bench.heard).toBe(8000);
  // AT+BTINIT=0 ends what is classic, and no more.
  expect(slave.command('AT+BTINIT=0')).toBe(`${OK}+BTSPPDISCONN:0,"${sourceMac}"\r\n+BTA2DPDISCONN:0,"${sourceMac}"\r\n`);
  expect(master.take()).toBe(`+BTSPPDISCONN:0,"${sinkMac}"\r\n+BTA2DPDISCONN:0,"${sinkMac}"\r\n`);
  expect(master.command('AT+BLECONN?')).toContain(sinkMac);
});

test('a connection that is lost stops the music', () => {
  const bench = new A2dpBench('4.1.0');
  bench.join();
  bench.store(8000);
  bench.master.command('AT+BTA2DPCTRL=0,1', 100);
  bench.air.place(sinkMac, { x: 100, y: 0 });
  bench.wait(21_000);
  expect(bench.master.take()).toBe(`+BTA2DPDISCONN:0,"${sinkMac}"\r\n`);
  expect(bench.heard).toBeLessThan(8000);
});
