import type { NvsStore } from 'rx-esp-at/emulator';
import { Bench, ERROR, OK } from './bench.js';

const reset = (bench: Bench): string => bench.command('AT+RST', 1000);

describe('what outlives a restart', () => {
  test('saved settings do, session settings do not', () => {
    const bench = new Bench();
    for (const line of ['AT+CWMODE=3', 'AT+SYSMSG=2', 'AT+CIPMUX=1', 'AT+SYSLOG=1', 'AT+CIPDINFO=1', 'AT+CIPSTO=9', 'ATE0']) {
      expect(bench.command(line)).toBe(OK);
    }
    expect(reset(bench)).toBe('\r\nOK\r\n\r\nready\r\n');
    expect(bench.send('AT\r\n')).toBe(`AT\r\n${OK}`);
    expect(bench.command('AT+CWMODE?')).toBe('+CWMODE:3\r\n\r\nOK\r\n');
    expect(bench.command('AT+SYSMSG?')).toBe('+SYSMSG:2\r\nOK\r\n');
    expect(bench.command('AT+CIPMUX?')).toBe('+CIPMUX:0\r\n\r\nOK\r\n');
    expect(bench.command('AT+SYSLOG?')).toBe('+SYSLOG:0\r\n\r\nOK\r\n');
    expect(bench.command('AT+CIPDINFO?')).toBe('+CIPDINFO:false\r\nOK\r\n');
    expect(bench.command('AT+CIPSTO?')).toBe('+CIPSTO:0\r\n\r\nOK\r\n');
  });

  test('AT+SYSSTORE=0 makes the rest of the session volatile, and itself too', () => {
    const bench = new Bench();
    bench.command('AT+SYSSTORE=0');
    bench.command('AT+CWMODE=1');
    bench.command('AT+CWAUTOCONN=0');
    reset(bench);
    expect(bench.command('AT+SYSSTORE?')).toBe('+SYSSTORE:1\r\n\r\nOK\r\n');
    expect(bench.command('AT+CWMODE?')).toBe('+CWMODE:2\r\n\r\nOK\r\n');
    // Always saved, whatever AT+SYSSTORE says.
    expect(bench.command('AT+CWAUTOCONN?')).toBe('+CWAUTOCONN:0\r\nOK\r\n');
  });

  test('UART_CUR does not, UART_DEF does', () => {
    const bench = new Bench();
    bench.command('AT+UART_CUR=9600,8,1,0,0');
    reset(bench);
    expect(bench.command('AT+UART_CUR?')).toBe('+UART_CUR:115201,8,1,0,1\r\n\r\nOK\r\n');
    bench.command('AT+UART_DEF=230400,8,1,0,0');
    reset(bench);
    expect(bench.command('AT+UART_CUR?')).toBe('+UART_CUR:230423,8,1,0,0\r\n\r\nOK\r\n');
  });

  test('AT+RESTORE empties the flash', () => {
    const bench = new Bench();
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+RESTORE', 1000)).toBe('\r\nOK\r\n\r\nready\r\n');
    expect(bench.command('AT+CWMODE?')).toBe('+CWMODE:2\r\n\r\nOK\r\n');
    expect(bench.module.store).toEqual({});
  });

  test('a store carries the settings into the next emulator, which joins by itself', () => {
    const store: NvsStore = {};
    const first = new Bench({ store });
    first.join();
    const second = new Bench({ store, powerOn: 'now' });
    expect(second.wait(2000)).toBe('WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n');
    const third = new Bench({ store });
    expect(third.wait(2000)).toBe('');
    expect(third.command('AT+CWSTATE?')).toBe('+CWSTATE:2,"Espressif"\r\n\r\nOK\r\n');
    const old = new Bench({ store: JSON.parse(JSON.stringify(store)) as NvsStore, firmware: '2.0.0', powerOn: 'now' });
    expect(old.wait(2000)).toBe('\r\nready\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n');
  });

  test('AT+CWAUTOCONN=0: no join at the start', () => {
    const bench = new Bench();
    bench.join();
    bench.command('AT+CWAUTOCONN=0');
    expect(reset(bench)).toBe('\r\nOK\r\nWIFI DISCONNECT\r\n\r\nready\r\n');
    expect(bench.command('AT+CWJAP?')).toBe(OK);
  });

  test('a restart drops links, server and pending commands; reset() does so from outside', () => {
    const bench = new Bench();
    bench.connect();
    bench.send('AT+CIPSEND=10\r\n');
    bench.module.reset();
    expect(bench.wait(1000)).toBe('WIFI CONNECTED\r\n\r\nready\r\nWIFI GOT IP\r\n');
    expect(bench.network.last.ended).toBe(true);
    expect(bench.command('AT+CIPSTATUS')).toBe('STATUS:2\r\n\r\nOK\r\n');
    expect(bench.command('AT+CIPCLOSE')).toBe(ERROR);
  });

  test('the clock goes on over a restart', () => {
    const bench = new Bench();
    bench.command('AT+SYSTIMESTAMP=1600000000');
    bench.wait(10_000);
    reset(bench);
    expect(bench.command('AT+SYSTIMESTAMP?')).toBe('+SYSTIMESTAMP:1600000011\r\nOK\r\n');
  });
});
