import { commands } from '../../lib/index.js';
import { gmr, ok, scriptedModule } from './moduleHarness.js';

const prologue = ['AT\r\n', 'ATE0\r\n', 'AT+GMR\r\n', 'AT+SYSLOG=1\r\n', 'AT+SYSMSG=3\r\n', 'AT+CIPMUX=1\r\n', 'AT+CIPDINFO=0\r\n'];

describe('the prologue', () => {
  test('in its order, before the module is emitted; nothing without a subscription', () => {
    const { line, open, scheduler } = scriptedModule();
    expect(line.log).toEqual([]);
    const opened = open();
    expect(line.log.slice(0, 3)).toEqual(['open', 'listen', 'write']);
    scheduler.advance(6);
    expect(opened.values).toHaveLength(0);
    scheduler.advance(1);
    expect(opened.values).toHaveLength(1);
    expect(line.written).toEqual(prologue);
    expect(opened.values[0]).toMatchObject({ dialect: { name: 'v4' }, firmware: { version: '4.1.0.0', sdk: 'v5.4.1' }, settings: { echo: false, cipmux: true, cipdinfo: false, syslog: true, sysmsg: 3 } });
    scheduler.advance(100);
    expect(line.written).toEqual(prologue);
    expect([opened.values.length, opened.completed]).toEqual([1, false]);
  });

  test('as configured, the recipe last', () => {
    const { line, open, scheduler } = scriptedModule();
    open({ multiple: false, showSenders: true, systemMessages: 0, recipe: [{ command: commands.wifi.mode, params: { mode: 'station' } }, { command: commands.basic.store, params: { enable: false } }] });
    scheduler.advance(100);
    expect(line.written.slice(4)).toEqual(['AT+SYSMSG=0\r\n', 'AT+CIPMUX=0\r\n', 'AT+CIPDINFO=1\r\n', 'AT+CWMODE=1\r\n', 'AT+SYSSTORE=0\r\n']);
  });

  test('ERROR to an optional step is tolerated', () => {
    const { line, open, scheduler } = scriptedModule();
    for (const step of ['AT+SYSLOG=1\r\n', 'AT+SYSMSG=3\r\n', 'AT+CIPDINFO=0\r\n']) line.on(step, 'ERR CODE:0x01090000\r\n\r\nERROR\r\n');
    const opened = open();
    scheduler.advance(100);
    expect(opened.values[0]?.settings).toMatchObject({ syslog: false, sysmsg: 0, cipmux: true });
  });

  test('ERROR to AT+CIPMUX closes what a former host left open, and asks again', () => {
    const { line, open, scheduler } = scriptedModule();
    line.on('AT+CIPMUX=1\r\n', '\r\nERROR\r\n', { times: 1 });
    line.on(/^AT\+CIPCLOSE/, '\r\nERROR\r\n');
    const opened = open();
    scheduler.advance(100);
    expect(line.written.slice(5, -1)).toEqual(['AT+CIPMUX=1\r\n', 'AT+CIPMODE=0\r\n', 'AT+CIPSERVER=0\r\n', 'AT+CIPCLOSE=5\r\n', 'AT+CIPCLOSE\r\n', 'AT+CIPMUX=1\r\n']);
    expect(opened.values).toHaveLength(1);
  });

  test('ERROR to it again, or to the recipe, ends the module with the error', () => {
    const { line, open, scheduler } = scriptedModule();
    line.on('AT+CIPMUX=1\r\n', '\r\nERROR\r\n');
    const opened = open();
    scheduler.advance(100);
    expect(opened.error).toMatchObject({ kind: 'command', code: 'rejected', details: { command: 'AT+CIPMUX' } });
    expect(line.log.at(-1)).toBe('close');
  });

  test('silence in it ends it too, and leaves nothing running', () => {
    const all = scriptedModule();
    all.line.on('AT+SYSLOG=1\r\n', () => undefined);
    const opened = all.open();
    all.scheduler.advance(60_000);
    expect(opened.error).toMatchObject({ kind: 'command', code: 'timeout' });
    expect([all.line.log.at(-1), all.timers]).toEqual(['close', 0]);
  });

  test('one OK too many from before does not shift the answers', () => {
    const all = scriptedModule();
    all.line.on('AT\r\n', `${ok}AT\r\n${ok}`, { times: 1 });
    const opened = all.open();
    all.scheduler.advance(100);
    expect(opened.values[0]).toMatchObject({ firmware: { version: '4.1.0.0' }, settings: { cipmux: true } });
    expect(all.line.written).toEqual(prologue);
  });
});

describe('the dialect', () => {
  test.each([['2.1.0.0', 'v2'], ['4.1.0.0', 'v4'], ['2.0.0.0', 'v2']])('of %s is %s', (version, name) => {
    const { open, scheduler } = scriptedModule({ version });
    const opened = open();
    scheduler.advance(100);
    expect(opened.values[0]?.dialect.name).toBe(name);
  });

  test('by name, whatever AT+GMR says', () => {
    for (const answer of [gmr('4.1.0.0'), `who knows\r\n${ok}`]) {
      const { open, scheduler, line } = scriptedModule();
      line.on('AT+GMR\r\n', answer);
      const opened = open({ dialect: 'v2' });
      scheduler.advance(100);
      expect(opened.values[0]).toMatchObject({ dialect: { name: 'v2' }, firmware: { dialect: 'v2' } });
    }
  });

  test('no version: unsupported', () => {
    const { open, scheduler, line } = scriptedModule();
    line.on('AT+GMR\r\n', `Quectel\r\nEC25\r\n${ok}`);
    const opened = open();
    scheduler.advance(100);
    expect(opened.error).toMatchObject({ kind: 'unsupported', code: 'firmware', details: { lines: ['Quectel', 'EC25'] } });
    expect(line.log.at(-1)).toBe('close');
  });

  test('what it lacks is unsupported before a byte is sent', () => {
    const { open, scheduler, line, see } = scriptedModule({ version: '2.1.0.0' });
    const opened = open();
    scheduler.advance(100);
    const [module] = opened.values;
    if (module === undefined) throw new Error('not open');
    const count = line.written.length;
    expect(see(module.exec(commands.tcpip.links)).error).toMatchObject({ kind: 'unsupported', code: 'command', details: { command: 'AT+CIPSTATE', dialect: 'v2' } });
    expect(see(module.exec(commands.wifi.join, { ssid: 'a', password: '', timeout: 5 })).error).toMatchObject({ kind: 'unsupported', code: 'parameter', details: { command: 'AT+CWJAP', parameter: 'timeout' } });
    expect(see(module.exec(commands.tcpip.send, { link: 0, length: 4000 }, { data: new Uint8Array(4000) })).error).toMatchObject({ kind: 'usage', details: { parameter: 'length' } });
    expect(line.written).toHaveLength(count);
  });
});

describe('synchronising', () => {
  test('boot noise, lines of a former command, busy: the first answer counts, however late', () => {
    const all = scriptedModule();
    all.line.on('AT\r\n', '\r\nbusy p...\r\n', { times: 3 });
    const opened = all.open();
    all.line.say('\xff\xfe\x80\x00garbage\r\n+CWLAP:(0,"a",-40,"00:11:22:33:44:55",1)\r\n');
    all.scheduler.advance(1000);
    expect(opened.values).toHaveLength(1);
  });

  test('a rejected AT, as after garbage on the line, is asked again', () => {
    const all = scriptedModule();
    all.line.on('AT\r\n', '\r\nERROR\r\n', { times: 2 });
    const opened = all.open();
    all.scheduler.advance(100);
    expect(opened.values).toHaveLength(1);
  });

  test('never an answer: module/no-answer within ten seconds, the port closed, nothing left', () => {
    const all = scriptedModule();
    all.line.on(/./s, () => undefined);
    const opened = all.open();
    all.scheduler.advance(20_000);
    expect(opened.error).toMatchObject({ kind: 'module', code: 'no-answer', retry: 'safe' });
    expect(opened.at).toBe(8 * 1000 + 1080);
    expect([all.line.log.at(-1), all.timers]).toEqual(['close', 0]);
  });

  test('another baud rate: noise without end ends as surely', () => {
    const all = scriptedModule();
    all.line.on(/./s, () => undefined);
    const opened = all.open();
    for (let i = 0; i < 400; i += 1) {
      all.line.say('\x00\xf8\x80\xfc\x00'.repeat(40));
      all.scheduler.advance(50);
    }
    expect(opened.error).toMatchObject({ kind: 'module', code: 'no-answer' });
    expect(all.timers).toBe(0);
  });

  test('passthrough of a former host is left with +++, alone and with its pauses, and transfer mode with it', () => {
    const all = scriptedModule();
    let through = true;
    let wrote = 0;
    all.line.on(/./s, () => undefined);
    for (const step of prologue.slice(1)) all.line.on(step, step.includes('GMR') ? gmr('4.1.0.0') : ok);
    all.line.on('AT+CIPMODE=0\r\n', ok);
    all.line.on('AT\r\n', () => (wrote = all.scheduler.frame, through ? undefined : ok));
    all.line.on('+++', () => {
      expect(all.scheduler.frame - wrote).toBeGreaterThanOrEqual(20);
      through = false;
      return undefined;
    });
    const opened = all.open();
    all.scheduler.advance(10_000);
    expect(opened.values).toHaveLength(1);
    const at = all.line.written.indexOf('+++');
    expect(all.line.written.slice(at, at + 4)).toEqual(['+++', 'AT\r\n', 'AT+CIPMODE=0\r\n', 'ATE0\r\n']);
  });

  test('the send of a dead host is completed with one line of filling; what the surplus provokes confuses nothing', () => {
    const all = scriptedModule();
    let owed = 1000;
    const answers: Record<string, string> = { 'AT+GMR\r\n': gmr('4.1.0.0') };
    all.line.on(/./s, (written) => {
      if (owed > 0) {
        owed -= written.length;
        return owed > 0 ? undefined : `\r\nbusy p...\r\n\r\nRecv 1000 bytes\r\n\r\nSEND OK\r\n\r\nERROR\r\n`;
      }
      return answers[written] ?? ok;
    });
    const opened = all.open();
    all.scheduler.advance(30_000);
    expect(opened.values[0]?.firmware.version).toBe('4.1.0.0');
    expect(all.line.written.filter((written) => written.includes('\r\r'))).toEqual([`${'\r'.repeat(8193)}\n`]);
  });
});
