import { inMemoryBroker } from 'rx-esp-at/emulator';
import { Bench, ERROR, OK } from './bench.js';

const refused = (...codes: readonly string[]): string => `${codes.map((code) => `ERR CODE:0x${code}\r\n`).join('')}${ERROR}`;

/** A module with a server on port 333. */
const serving = (firmware: '2.0.0' | '2.1.0' | '4.1.0'): Bench => {
  const bench = new Bench({ firmware });
  bench.join();
  bench.command('AT+CIPMUX=1');
  bench.command('AT+CIPSERVER=1,333');
  return bench;
};

describe('parameters', () => {
  test.each(['2.0.0', '2.1.0'] as const)('AT+CIPSERVER=0 may name the port on %s, and leaves clients be', (firmware) => {
    const bench = serving(firmware);
    bench.network.client(333);
    bench.wait(50);
    expect(bench.command('AT+CIPSERVER=0,1')).toBe(OK);
    expect(bench.send('AT+CIPSTATUS\r\n')).toContain('+CIPSTATUS:0,"TCP"');
    bench.command('AT+CIPSERVER=1,333');
    expect(bench.send('AT+CIPSERVER=0,333\r\n')).toMatch(/\r\nOK\r\n$/);
    expect(bench.network.client(333)).toBeUndefined();
  });

  test('since 2.2 AT+CIPSERVER=0 takes 0 and 1 alone', () => {
    const bench = serving('4.1.0');
    expect(bench.command('AT+CIPSERVER=0,333')).toBe(ERROR);
    expect(bench.network.client(333)).toBeDefined();
  });

  test('AT+HTTPCLIENT names the first parameter that is not there, but none that is empty', () => {
    const bench = new Bench();
    bench.command('AT+SYSLOG=1');
    expect(bench.command('AT+HTTPCLIENT=2')).toBe(refused('01080001'));
    expect(bench.command('AT+HTTPCLIENT=2,0')).toBe(refused('01080002'));
    expect(bench.command('AT+HTTPCLIENT=2,0,"http://h/"')).toBe(refused('01080003'));
    expect(bench.command('AT+HTTPCLIENT=2,0,,"h","/"')).toBe(refused('01080005'));
  });

  test('AT+RFPOWER wants its first parameter', () => {
    const bench = new Bench();
    expect(bench.command('AT+RFPOWER=')).toBe(ERROR);
    expect(bench.command('AT+RFPOWER=,1')).toBe(ERROR);
    expect(bench.command('AT+RFPOWER=60')).toBe(OK);
  });

  test('AT+CWJAP may leave out the name since 2.2', () => {
    for (const [firmware, answer] of [['2.0.0', ERROR], ['2.1.0', ERROR], ['4.1.0', /WIFI GOT IP\r\n\r\nOK\r\n$/]] as const) {
      const bench = new Bench({ firmware });
      bench.join();
      const heard = bench.command('AT+CWJAP=,""', 3000);
      if (typeof answer === 'string') expect(heard).toBe(answer);
      else expect(heard).toMatch(answer);
    }
  });

  test('a bare comma makes two parameters of a string', () => {
    const bench = new Bench();
    bench.join();
    bench.command('AT+CIPMUX=1');
    bench.command('AT+SYSLOG=1');
    expect(bench.command('AT+CIPSTART=0,"TCP","a,b",80')).toBe(refused('01080002'));
    expect(bench.command('AT+CWHOSTNAME="a,b"')).toBe(ERROR);
    expect(bench.command('AT+CWHOSTNAME="a\\,b"')).toBe(OK);
    expect(bench.command('AT+CWHOSTNAME?')).toBe(`+CWHOSTNAME:a,b\r\n${OK}`);
  });

  test('the message of AT+MQTTPUB ends at a bare comma', () => {
    const bench = new Bench((scheduler) => ({ firmware: '2.4.0', mqtt: inMemoryBroker({ scheduler, endpoints: ['h:1883'] }) }));
    bench.join();
    bench.command('AT+SYSLOG=1');
    bench.command('AT+MQTTUSERCFG=0,1,"me","","",0,0,""');
    expect(bench.command('AT+MQTTCONN=0,"h",1883,0')).toContain(OK);
    // As a 2.3 answered.
    expect(bench.command('AT+MQTTPUB=0,"messages/log","765933, 94875095",0,0')).toBe(refused('01080002', '010a6044'));
    expect(bench.command('AT+MQTTPUB=0,"messages/log","765933\\, 94875095",0,0')).toContain(OK);
  });
});
