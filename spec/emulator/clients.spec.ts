import { emulatedReleases, type EmulatorConfig, type FirmwareVersion } from 'rx-esp-at/emulator';
import { Bench, ERROR, OK } from './bench.js';

/** Dialogues as the drivers of hosts hold them, in their order and with their line ends; each step has the exact answer. */
type Dialogue = readonly (readonly [line: string, answer: string, ms?: number])[];

const home: EmulatorConfig = { accessPoints: [{ ssid: 'Home', password: 'correct horse', channel: 6, rssi: -48, encryption: 3, bssid: '10:01:00:c4:0a:51' }] };
const releases = Object.values(emulatedReleases).flat();
const joining = 'WIFI CONNECTED\r\nWIFI GOT IP\r\n';
const old = (firmware: FirmwareVersion): boolean => firmware.startsWith('1.');

const hold = (bench: Bench, dialogue: Dialogue): void => {
  for (const [line, answer, ms = 100] of dialogue) expect({ line, answer: bench.send(`${line}\r\n`, ms) }).toEqual({ line, answer });
};

/** A module that a driver has just met: silent echo, station, several links, joined. */
const met = (firmware: FirmwareVersion, more: EmulatorConfig = {}): Bench => {
  const bench = new Bench({ firmware, ...home, ...more });
  bench.command('ATE0');
  hold(bench, [['AT+CWMODE=1', OK], ['AT+CIPMUX=1', OK], ['AT+CWJAP="Home","correct horse"', `${joining}${OK}`, 1000]]);
  return bench;
};

describe('drivers for the ESP8266 (NONOS)', () => {
  test('begin: an empty line before the reset, then station, links and DHCP by interface and switch', () => {
    const bench = new Bench({ firmware: '1.7.4', ...home });
    expect(bench.send('\r\nAT+RST\r\n', 2000)).toBe(`\r\r\n${ERROR}AT+RST\r\r\n${OK}\r\nready\r\n`);
    hold(bench, [
      ['ATE0', `ATE0\r\r\n${OK}`],
      ['AT+CWMODE_CUR=1', OK],
      ['AT+CWMODE_CUR=0', ERROR],
      ['AT+CIPMUX=1', OK],
      ['AT+CIPDINFO=1', OK],
      ['AT+CWAUTOCONN=0', OK],
      ['AT+CWDHCP_CUR?', '+CWDHCP_CUR:3\r\nOK\r\n'],
      ['AT+CWDHCP_CUR=1,0', OK],
      ['AT+CWDHCP_CUR?', '+CWDHCP_CUR:1\r\nOK\r\n'],
      ['AT+CWDHCP_CUR=0,0', OK],
      ['AT+CWDHCP_CUR?', '+CWDHCP_CUR:0\r\nOK\r\n'],
      ['AT+CWDHCP_CUR=1,1', OK],
      ['AT+CWDHCP_CUR?', '+CWDHCP_CUR:2\r\nOK\r\n'],
      ['AT+CWDHCP_CUR=2,1', OK],
      ['AT+CWDHCP_CUR?', '+CWDHCP_CUR:3\r\nOK\r\n'],
      ['AT+CWDHCP_CUR=3,1', ERROR],
    ]);
  });

  test('without DHCP a station keeps the address that it was given', () => {
    const bench = new Bench({ firmware: '1.7.4', ...home });
    bench.command('ATE0');
    hold(bench, [
      ['AT+CWMODE_CUR=1', OK],
      ['AT+CWDHCP_CUR=1,0', OK],
      ['AT+CIPSTA_CUR="192.168.4.77","192.168.4.2","255.255.255.0"', OK],
      ['AT+CWJAP_CUR="Home","correct horse"', `${joining}${OK}`, 1000],
      ['AT+CIPSTA_CUR?', `+CIPSTA_CUR:ip:"192.168.4.77"\r\n+CIPSTA_CUR:gateway:"192.168.4.2"\r\n+CIPSTA_CUR:netmask:"255.255.255.0"\r\n${OK}`],
    ]);
  });

  test('the status is 5 without an access point, 2 with an address, 3 with any link, 4 when the last one has gone', () => {
    const bench = new Bench({ firmware: '1.7.4', ...home });
    bench.command('ATE0');
    hold(bench, [
      ['AT+CIPSTATUS', `STATUS:5\r\n${OK}`],
      ['AT+CWMODE_CUR=1', OK],
      ['AT+CIPMUX=1', OK],
      ['AT+CWJAP_CUR="Home","wrong password"', '+CWJAP:2\r\n\r\nFAIL\r\n', 20_000],
      ['AT+CIPSTATUS', `STATUS:5\r\n${OK}`],
      ['AT+CWJAP_CUR="Home","correct horse"', `${joining}${OK}`, 1000],
      ['AT+CIPSTATUS', `STATUS:2\r\n${OK}`],
      ['AT+CIPSTART=4,"UDP","192.168.4.2",7000,5000,2', `4,CONNECT\r\n${OK}`],
      ['AT+CIPSTATUS', `STATUS:3\r\n+CIPSTATUS:4,"UDP","192.168.4.2",7000,5000,0\r\n${OK}`],
      ['AT+CIPCLOSE=4', `4,CLOSED\r\n${OK}`],
      ['AT+CIPSTATUS', `STATUS:4\r\n${OK}`],
    ]);
    expect(bench.command('AT+CWQAP')).toContain(OK);
    hold(bench, [['AT+CIPSTATUS', `STATUS:5\r\n${OK}`]]);
  });

  test('name servers stand bare, one a line', () => {
    const bench = met('1.7.4');
    hold(bench, [
      ['AT+CIPDNS_CUR=1,"8.8.8.8","1.1.1.1"', OK],
      ['AT+CIPDNS_CUR?', `+CIPDNS_CUR:8.8.8.8\r\n+CIPDNS_CUR:1.1.1.1\r\n${OK}`],
      ['AT+CIPDNS_CUR=0', OK],
      ['AT+CIPDNS_CUR?', `+CIPDNS_CUR:208.67.222.222\r\n${OK}`],
    ]);
    expect(met('2.1.0').command('AT+CIPDNS?')).toMatch(/^\+CIPDNS:0,"[\d.]+"\r\n\r\nOK\r\n$/);
  });

  test('what only this firmware has is taken here and nowhere else', () => {
    const bench = met('1.7.4');
    hold(bench, [
      ['AT+CIPSSLSIZE=4096', OK],
      ['AT+CIPSSLSIZE=1', ERROR],
      ['AT+CIPCLOSE=3', `UNLINK\r\n${ERROR}`],
      ['AT+CIPSTART=3,"TCP","192.168.4.2",1000', `3,CONNECT\r\n${OK}`],
      ['AT+CIPCLOSEMODE=3,1', OK],
      ['AT+CIPCLOSEMODE=1', ERROR],
      ['AT+CIPCLOSE=3', `3,CLOSED\r\n${OK}`],
      ['AT+SYSMSG_CUR=2', OK],
      ['AT+SYSMSG_CUR=4', ERROR],
    ]);
    expect(bench.command('AT+CIPSTART=2,"TCP","192.168.4.2",1000')).toMatch(/^\+LINK_CONN:0,2,"TCP",0,"192\.168\.4\.2",1000,\d+\r\n\r\nOK\r\n$/);
    for (const firmware of releases.filter((release) => release !== '1.7.4')) {
      for (const line of ['AT+CIPSSLSIZE=4096', 'AT+CIPCLOSEMODE=3,1', 'AT+SYSMSG_CUR=2', 'AT+CIPCLOSE=3']) expect(met(firmware).command(line)).toBe(ERROR);
    }
  });
});

describe('drivers for any release', () => {
  test.each(releases)('%s: a scan whose last parameters are left out with their commas', (firmware) => {
    const bench = new Bench({ firmware, ...home });
    bench.command('ATE0');
    bench.command('AT+CWMODE=1');
    const found = /^\+CWLAP:\(3,"Home",-48,"10:01:00:c4:0a:51",6[-,\d]*\)\r\n\r\nOK\r\n$/;
    for (const parameters of [',,,1,,', ',,,0,120,360', '"","10:01:00:c4:0a:51",', '"",,6']) {
      expect(bench.command(`AT+CWLAP=${parameters}`, 2000)).toMatch(found);
    }
    // Only here: elsewhere a comma at the end is one too many (recorded).
    expect(bench.command('AT+CWMODE=1,')).toBe(ERROR);
  });

  test.each(releases)('%s: the payload right behind the OK, without a look at the prompt', (firmware) => {
    const bench = met(firmware);
    bench.command('AT+CIPSTART=0,"TCP","192.168.4.2",1000');
    let heard = bench.send('AT+CIPSEND=0,5\r\n', 0);
    while (!heard.includes(OK)) heard += bench.wait(1);
    expect(heard + bench.send('hello')).toBe(`${OK}${firmware === '1.7.4' ? '> ' : '\r\n>'}\r\nRecv 5 bytes\r\n\r\nSEND OK\r\n`);
    expect(bench.network.last.received).toBe('hello');
  });

  test.each(releases)('%s: a command written piece by piece, and its payload byte by byte', (firmware) => {
    const bench = met(firmware);
    bench.command('AT+CIPSTART=0,"TCP","192.168.4.2",1000');
    const heard = ['AT', '+CIPSEND=', '0', ',', '6', '\r', '\n'].map((piece) => bench.send(piece, 3)).join('') + bench.wait(50);
    expect(heard).toBe(firmware === '1.7.4' ? `${OK}> ` : `${OK}\r\n>`);
    expect([...'\r\n>AT\r'].map((byte) => bench.send(byte, 3)).join('') + bench.wait(50)).toBe('\r\nRecv 6 bytes\r\n\r\nSEND OK\r\n');
    expect(bench.network.last.received).toBe('\r\n>AT\r');
  });

  test('a UDP server of a driver that binds to 0.0.0.0', () => {
    for (const firmware of releases) {
      const bench = met(firmware);
      expect(bench.command('AT+CIPSTART=0,"UDP","0.0.0.0",65535,5000,2,"0.0.0.0"')).toBe(old(firmware) ? ERROR : `0,CONNECT\r\n${OK}`);
      expect(bench.command('AT+CIPSTART=1,"UDP","0.0.0.0",65535,5001,2,"10.9.8.7"')).toBe(ERROR);
    }
  });

  test.each(['2.4.0', '3.4.0', '4.1.0', '5.0.0'] as const)('%s: a stack that asks for messages, error codes, senders and passive receive', (firmware) => {
    const bench = new Bench({ firmware, ...home });
    hold(bench, [
      ['ATE0', `ATE0\r\n${OK}`],
      ['AT+SYSMSG=7', OK],
      ['AT+SYSLOG=1', OK],
      ['AT+RFPOWER=40', OK],
      ['AT+CWMODE=1,1', OK],
      ['AT+CWDHCP?', '+CWDHCP:3\r\nOK\r\n'],
      ['AT+CIPMUX=1', OK],
      ['AT+CIPRECVMODE=1', OK],
      ['AT+CIPDINFO=1', OK],
      ['AT+CWLAPOPT=1,0x7FF', OK],
      ['AT+CIPSTATE?', OK],
      ['AT+CWJAP="Home","correct horse"', `${joining}${OK}`, 1000],
    ]);
    expect(bench.command('AT+CIPSTARTEX="TCP","192.168.4.2",1000,0')).toMatch(/^\+LINK_CONN:0,0,"TCP",0,"192\.168\.4\.2",1000,\d+\r\n\r\nOK\r\n$/);
    expect(bench.command('AT+CIPSTARTEX="UDP","192.168.4.2",7000,,0')).toMatch(/^\+LINK_CONN:0,1,"UDP",0,"192\.168\.4\.2",7000,\d+\r\n\r\nOK\r\n$/);
    expect(bench.command('AT+CIPSTATE?').replace(/,\d+,0\r\n/g, ',<local>,0\r\n')).toBe(
      `+CIPSTATE:0,"TCP","192.168.4.2",1000,<local>,0\r\n+CIPSTATE:1,"UDP","192.168.4.2",7000,<local>,0\r\n${OK}`,
    );
    hold(bench, [['AT+CIPSEND=0,3', `${OK}\r\n>`]]);
    expect(bench.send('abc')).toBe('\r\nRecv 3 bytes\r\n\r\nSEND OK\r\n');
    // The scripted datagrams go to the first UDP socket, what the stream says to the last TCP one.
    bench.network.last.say('de\r\nOK\r\n');
    expect(bench.wait(50)).toBe('\r\n+IPD,0,8\r\n');
    const closed = firmware === '2.4.0' ? -1 : 0;
    hold(bench, [
      ['AT+CIPRECVLEN?', `+CIPRECVLEN:8,0,${closed},${closed},${closed}\r\n${OK}`],
      ['AT+CIPRECVDATA=0,8', '+CIPRECVDATA:8,"192.168.4.2",1000,de\r\nOK\r\n\r\nOK\r\n'],
      ['AT+CIPRECVDATA=0,8', ERROR],
      ['AT+CIPCLOSE=0', `0,CLOSED\r\n${OK}`],
    ]);
  });

  test.each(['2.0.0', '2.1.0', '2.4.0', '3.4.0', '4.1.0', '5.0.0'] as const)('%s: one link, and lines that are compared whole', (firmware) => {
    const bench = new Bench({ firmware, ...home });
    hold(bench, [
      ['ATE0', `ATE0\r\n${OK}`],
      ['AT+UART_CUR=115200,8,1,0,0', OK],
      ['AT+CIPMUX?', `+CIPMUX:0\r\n${OK}`],
      // Not of this firmware: drivers go on with AT+CIPSSLCCONF?.
      ['AT+CIPSSLSIZE=4096', ERROR],
      ['AT+CWMODE=1', OK],
      ['AT+CWJAP="Home","correct horse"', `${joining}${OK}`, 1000],
      ['AT+CIPSTATUS', `STATUS:2\r\n${OK}`],
      ['AT+CIPSTART="TCP","192.168.4.2",1000,10', `CONNECT\r\n${OK}`],
    ]);
    expect(bench.command('AT+CIPSTATUS').startsWith('STATUS:3\r\n+CIPSTATUS:0,"TCP","192.168.4.2",1000,')).toBe(true);
    hold(bench, [['AT+CIPSEND=3', `${OK}\r\n>`]]);
    expect(bench.send('abc')).toBe('\r\nRecv 3 bytes\r\n\r\nSEND OK\r\n');
    bench.network.last.say('x+IPD,9:\r\n');
    expect(bench.wait(50)).toBe('\r\n+IPD,10:x+IPD,9:\r\n\r\n');
    bench.network.last.close();
    expect(bench.wait(50)).toBe('CLOSED\r\n');
    hold(bench, [['AT+CIPSTATUS', `STATUS:4\r\n${OK}`], ['AT+CIPCLOSE', ERROR]]);
  });
});
