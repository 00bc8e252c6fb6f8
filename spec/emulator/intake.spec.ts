import { Bench, ERROR, OK } from './bench.js';

describe('the command line', () => {
  test('only CR LF ends a line', () => {
    const bench = new Bench();
    expect(bench.send('AT\r')).toBe('AT\r');
    expect(bench.send('\n')).toBe(`\n${OK}`);
    expect(bench.send('AT\n')).toBe('AT\n');
    expect(bench.send('\r\n')).toBe(`\r\n${ERROR}`);
  });

  test('a line may come in any pieces', () => {
    const bench = new Bench();
    expect('AT+SYSLOG?\r\n'.split('').map((byte) => bench.send(byte, 1)).join('') + bench.wait(10)).toBe('AT+SYSLOG?\r\n+SYSLOG:0\r\n\r\nOK\r\n');
  });

  test('what comes while a command runs is refused, once per chunk, with its code', () => {
    const bench = new Bench();
    bench.command('ATE0');
    expect(bench.send('AT\r\nAT\r\nAT\r\n')).toBe(`\r\nbusy p...\r\n${OK}`);
    bench.command('AT+SYSLOG=1');
    bench.command('AT+CWMODE=1');
    bench.send('AT+CWLAP\r\n', 5);
    expect(bench.send('A', 2)).toBe('ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n');
    expect(bench.send('T\r\n', 2)).toBe('ERR CODE:0x010b0000\r\n\r\nbusy p...\r\n');
    expect(bench.wait(1000)).toMatch(/^\+CWLAP:.*\r\n\r\nOK\r\n$/);
    expect(bench.command('AT')).toBe(OK);
    expect(bench.violations.map(({ kind, text }) => `${kind} ${text}`)).toEqual(['busy AT\r\nAT\r\n', 'busy A', 'busy T\r\n']);
  });

  test('lines that are no command are answered by the receive task, which reads on', () => {
    const bench = new Bench();
    bench.command('AT+SYSLOG=1');
    expect(bench.send('\r\nHELLO\r\nAT\r\n')).toBe(
      `\r\nERR CODE:0x01030000\r\n${ERROR}HELLO\r\nERR CODE:0x01030000\r\n${ERROR}AT\r\n${OK}`,
    );
    expect(bench.violations).toEqual([]);
  });

  test.each([[254, 'ok'], [255, 'long'], [9000, 'long']])('a line of %i bytes without CR LF is %s', (length, kind) => {
    const bench = new Bench();
    bench.command('AT+SYSLOG=1');
    const line = `AT+CWHOSTNAME="${'a'.repeat(length - 16)}"`;
    expect(bench.send(`${line}\r\n`)).toBe(`${line}\r\n${kind === 'long' ? 'ERR CODE:0x01030000\r\n' : ''}${ERROR}`);
    expect(bench.command('AT')).toBe(OK);
  });

  test('AT+RST while a command runs forces the restart', () => {
    const bench = new Bench();
    bench.command('AT+CWMODE=1');
    bench.send('AT+CWJAP="nosuch",""\r\n', 1000);
    expect(bench.send('AT+RST\r\n', 1000)).toBe('\r\nWill force to restart!!!\r\n\r\nready\r\n');
    expect(bench.command('AT')).toBe(OK);
  });

  test('a booting module is deaf', () => {
    const bench = new Bench({ powerOn: 'now' });
    expect(bench.send('AT\r\n', 50)).toBe('');
    expect(bench.wait(400)).toBe('\r\nready\r\n');
    expect(bench.kinds()).toEqual(['deaf']);
    expect(bench.command('AT')).toBe(OK);
  });

  test('deep sleep: nothing is heard until the time is up', () => {
    const bench = new Bench();
    expect(bench.command('AT+GSLP=5000')).toBe(OK);
    expect(bench.send('AT\r\n', 4000)).toBe('');
    expect(bench.wait(2000)).toBe('\r\nready\r\n');
  });

  test('the boot log shares the port where asked for', () => {
    const bench = new Bench({ powerOn: 'now', bootLog: true });
    expect(bench.wait(1000)).toMatch(/^ets Jul[^]*\r\nready\r\n$/);
  });

  test('reason texts are on the port only with a shared log', () => {
    const quiet = new Bench();
    quiet.connect();
    expect(quiet.command('AT+CIPSTART="TCP","192.168.4.2",1000')).toBe(ERROR);
    const shared = new Bench({ sharedLog: true });
    shared.connect();
    expect(shared.command('AT+CIPSTART="TCP","192.168.4.2",1000')).toBe(`ALREADY CONNECTED\r\n${ERROR}`);
  });
});
