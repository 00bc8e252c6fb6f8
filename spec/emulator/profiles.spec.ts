import { emulatedReleases, type DialectName, type EmulatorConfig, type FirmwareVersion } from 'rx-esp-at/emulator';
import { detectDialect } from '../../lib/dialects/detectDialect.js';
import { Bench, ERROR, OK } from './bench.js';

const names = Object.keys(emulatedReleases) as DialectName[];
const releases = names.flatMap((dialect) => emulatedReleases[dialect].map((firmware): [FirmwareVersion, DialectName] => [firmware, dialect]));

/** A joined module whose echo is off. */
const joined = (firmware: FirmwareVersion, more: EmulatorConfig = {}, net: ConstructorParameters<typeof Bench>[1] = {}): Bench => {
  const bench = new Bench({ firmware, ...more }, net);
  bench.command('ATE0');
  bench.join();
  return bench;
};

/** The answers of every release to the same lines. */
const each = (prepare: (firmware: FirmwareVersion) => Bench, line: string): Readonly<Record<string, string>> =>
  Object.fromEntries(releases.map(([firmware]) => [firmware, prepare(firmware).command(line)]));

describe('versions', () => {
  test.each(releases)('%s is recognised as %s', (firmware, dialect) => {
    const lines = new Bench({ firmware }).command('AT+GMR').split('\r\n').map((line) => line.trim()).filter((line) => line !== '' && line !== 'OK' && line !== 'AT+GMR');
    expect(detectDialect(lines)).toMatchObject({ dialect, version: expect.stringMatching(new RegExp(`^${firmware.replace(/\./g, '\\.')}\\.\\d`)) as unknown });
    // The Bin line came with 2.0 on ESP32; NONOS writes it another way.
    expect(lines.filter((line) => line.startsWith('Bin version:')).length).toBe(dialect === 'v1' || dialect === 'nonos' ? 0 : 1);
  });

  test.each(names)('%s stands for its first release', (dialect) => {
    expect(new Bench({ dialect }).command('AT+GMR')).toContain(`AT version:${emulatedReleases[dialect][0]}.0`);
  });
});

describe('commands', () => {
  // What a release does not know is one ERROR; what it knows says something else, or takes it.
  test.each([
    ['AT+SYSSTORE?', '2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+SYSLOG?', '1.1.3 2.0.0 2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+SYSMSG?', '1.1.3 2.0.0 2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+SYSTIMESTAMP?', '2.0.0 2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPRECVMODE?', '1.7.4 2.0.0 2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPRECVLEN?', '1.7.4 2.0.0 2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPRECVTYPE?', '3.4.0 4.1.0 5.0.0'],
    ['AT+CIPSTATE?', '2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPSTATUS', '1.1.3 1.7.4 2.0.0 2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPSERVER?', '1.1.3 2.0.0 2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPDINFO?', '1.1.3 2.0.0 2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPTCPOPT?', '2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPV6?', '2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPRECONNINTV?', '3.4.0 4.1.0 5.0.0'],
    ['AT+SYSROLLBACK?', '4.1.0 5.0.0'],
    ['AT+CMD?', '2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CWMODE=?', '1.1.3 1.7.4 2.0.0'],
    ['AT+CWMODE_CUR?', '1.7.4'],
    ['AT+CWMODE_DEF?', '1.7.4'],
    ['AT+MQTTCONN?', '2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+BLENAME?', '1.1.3 2.0.0 2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPSSLCSNI?', '2.1.0 2.4.0 3.4.0 4.1.0 5.0.0'],
    ['AT+CIPSSLCPSKHEX?', '3.4.0 4.1.0 5.0.0'],
    ['AT+CWSTATE?', '2.4.0 3.4.0 4.1.0 5.0.0'],
  ])('%s is known to %s', (line, known) => {
    const answers = each((firmware) => new Bench({ firmware }), line);
    expect(Object.entries(answers).filter(([, answer]) => !answer.endsWith(ERROR)).map(([firmware]) => firmware).sort().join(' ')).toBe(known);
  });

  test('an ERROR has its code where there is AT+SYSLOG: not on NONOS', () => {
    for (const [firmware, dialect] of releases) {
      const bench = new Bench({ firmware });
      bench.command('AT+SYSLOG=1');
      bench.command('ATE0');
      expect(bench.command('AT+NOSUCH')).toBe(dialect === 'nonos' ? ERROR : `ERR CODE:0x01090000\r\n${ERROR}`);
    }
  });

  test('AT+CWJAP? has 4 fields up to 1.x, then 7, 8 and 9', () => {
    const count = (answer: string): number => (answer.split(OK)[0] ?? '').split(',').length;
    const counts = Object.fromEntries(Object.entries(each((firmware) => joined(firmware), 'AT+CWJAP?')).map(([firmware, answer]) => [firmware, count(answer)]));
    expect(counts).toEqual({ '1.1.3': 4, '1.7.4': 4, '2.0.0': 7, '2.1.0': 8, '2.4.0': 9, '3.4.0': 9, '4.1.0': 9, '5.0.0': 9 });
  });

  test('AT+CWLAP has 5 fields, 11 since 2.2 and on NONOS', () => {
    const answers = Object.entries(each((firmware) => joined(firmware), 'AT+CWLAP'));
    const counts = Object.fromEntries(answers.map(([firmware]) => [firmware, 0]));
    for (const [firmware] of answers) counts[firmware] = (/\((.*)\)/.exec(joined(firmware as FirmwareVersion).command('AT+CWLAP', 1000))?.[1] ?? '').split(',').length;
    expect(counts).toEqual({ '1.1.3': 5, '1.7.4': 11, '2.0.0': 5, '2.1.0': 5, '2.4.0': 11, '3.4.0': 11, '4.1.0': 11, '5.0.0': 11 });
  });

  test('AT+CWJAP takes three parameters up to 1.x, AT+CIPSTART no local address', () => {
    for (const [firmware, dialect] of releases) {
      const bench = joined(firmware);
      const old = dialect === 'v1' || dialect === 'nonos';
      expect(bench.command('AT+CWJAP="Espressif","",,1', 1000).endsWith(old ? ERROR : OK)).toBe(true);
      expect(bench.command('AT+CWJAP="Espressif",""', 1000)).toContain(OK);
      expect(bench.command('AT+CIPSTART="TCP","192.168.4.2",1000,0,"192.168.4.15"')).toBe(old ? ERROR : `CONNECT\r\n${OK}`);
      if (old) expect(bench.command('AT+CIPSTART="TCP","192.168.4.2",1000,0')).toBe(`CONNECT\r\n${OK}`);
    }
  });

  test('AT+CIPSEND takes 2048 bytes up to 2.1, then 8192', () => {
    for (const [firmware] of releases) {
      const bench = joined(firmware);
      bench.command('AT+CIPSTART="TCP","192.168.4.2",1000');
      const limit = ['1.1.3', '1.7.4', '2.0.0', '2.1.0'].includes(firmware) ? 2048 : 8192;
      expect(bench.command(`AT+CIPSEND=${limit + 1}`)).toBe(ERROR);
      expect(bench.command(`AT+CIPSEND=${limit}`)).toContain('>');
    }
  });

  test('CIPRECVLEN of links that are not open: -1 on 2.x, 0 from 3.x on and on NONOS', () => {
    const answers = each((firmware) => {
      const bench = new Bench({ firmware });
      bench.command('ATE0');
      return bench;
    }, 'AT+CIPRECVLEN?');
    const zero = `+CIPRECVLEN:0\r\n${OK}`;
    const none = `+CIPRECVLEN:-1\r\n${OK}`;
    expect(answers).toEqual({ '1.1.3': ERROR, '1.7.4': zero, '2.0.0': none, '2.1.0': none, '2.4.0': none, '3.4.0': zero, '4.1.0': zero, '5.0.0': zero });
  });

  test('AT+CIPDOMAIN answers without quotes up to 2.1', () => {
    for (const [firmware] of releases) {
      const quote = ['1.1.3', '1.7.4', '2.0.0', '2.1.0'].includes(firmware) ? '' : '"';
      expect(joined(firmware).command('AT+CIPDOMAIN="192.168.4.2"')).toBe(`+CIPDOMAIN:${quote}192.168.4.2${quote}\r\n${OK}`);
    }
  });

  test('one TLS link on 1.x and NONOS, and no passthrough through it', () => {
    for (const [firmware, dialect] of releases) {
      const bench = joined(firmware);
      const old = dialect === 'v1' || dialect === 'nonos';
      bench.command('AT+CIPMUX=1');
      expect(bench.command('AT+CIPSTART=0,"SSL","192.168.4.2",443')).toBe(`0,CONNECT\r\n${OK}`);
      expect(bench.command('AT+CIPSTART=1,"SSL","192.168.4.2",443')).toBe(old ? ERROR : `1,CONNECT\r\n${OK}`);
      const single = joined(firmware);
      single.command('AT+CIPSTART="SSL","192.168.4.2",443');
      single.command('AT+CIPMODE=1');
      expect(single.command('AT+CIPSEND')).toBe(old ? ERROR : `${OK}\r\n>`);
    }
  });

  test('SYSMSG: any number on 1.1.3 and 2.0, to 3 on 2.1, to 7 later; +LINK_CONN from 2.0 on', () => {
    const most = (firmware: FirmwareVersion): number => [255, 7, 3].find((value) => joined(firmware).command(`AT+SYSMSG=${value}`) === OK) ?? -1;
    expect(Object.fromEntries(releases.map(([firmware]) => [firmware, most(firmware)]))).toEqual({
      '1.1.3': 255, '1.7.4': -1, '2.0.0': 255, '2.1.0': 3, '2.4.0': 7, '3.4.0': 7, '4.1.0': 7, '5.0.0': 7,
    });
    for (const [firmware, dialect] of releases) {
      const bench = joined(firmware);
      bench.command('AT+SYSMSG=2');
      const answer = bench.command('AT+CIPSTART="TCP","192.168.4.2",1000');
      expect(answer.startsWith(dialect === 'v1' || dialect === 'nonos' ? 'CONNECT\r\n' : '+LINK_CONN:0,0,"TCP",0,"192.168.4.2",1000,')).toBe(true);
    }
  });
});

describe('data', () => {
  test('active +IPD: the address without quotes and nothing behind the data on 1.x and NONOS', () => {
    for (const [firmware, dialect] of releases) {
      const bench = joined(firmware);
      bench.command('AT+CIPDINFO=1');
      bench.command('AT+CIPSTART="TCP","192.168.4.2",1000');
      bench.network.last.say('abc');
      const old = dialect === 'v1' || dialect === 'nonos';
      expect(bench.wait(50)).toBe(old ? '\r\n+IPD,3,192.168.4.2,1000:abc' : '\r\n+IPD,3,"192.168.4.2",1000:abc\r\n');
      bench.network.last.close();
      expect(bench.wait(50)).toBe('CLOSED\r\n');
    }
  });

  test('the prompt: in one write from 2.4 on and on NONOS, where a blank is behind it', () => {
    const chunks = Object.fromEntries(
      releases.map(([firmware]) => {
        const bench = joined(firmware);
        bench.command('AT+CIPSTART="TCP","192.168.4.2",1000');
        bench.chunks.length = 0;
        bench.command('AT+CIPSEND=1');
        return [firmware, bench.chunks.map(({ text }) => text)];
      }),
    );
    const apart = [OK, '\r\n>'];
    const whole = [`${OK}\r\n>`];
    expect(chunks).toEqual({ '1.1.3': apart, '1.7.4': [`${OK}> `], '2.0.0': apart, '2.1.0': apart, '2.4.0': whole, '3.4.0': whole, '4.1.0': whole, '5.0.0': whole });
  });

  test('NONOS, passive: heads with the length before the colon, growing announcements, never a sender, TCP only', () => {
    const bench = joined('1.7.4');
    bench.command('AT+CIPDINFO=1');
    bench.command('AT+CIPMUX=1');
    expect(bench.command('AT+CIPRECVMODE=1')).toBe(OK);
    bench.command('AT+CIPSTART=0,"TCP","192.168.4.2",1000');
    bench.network.last.say('abc');
    expect(bench.wait(20)).toBe('\r\n+IPD,0,3\r\n');
    bench.network.last.say('def');
    expect(bench.wait(20)).toBe('\r\n+IPD,0,6\r\n');
    expect(bench.command('AT+CIPRECVLEN?')).toBe(`+CIPRECVLEN:6,0,0,0,0\r\n${OK}`);
    expect(bench.command('AT+CIPRECVDATA=0,100')).toBe(`+CIPRECVDATA,6:abcdef${OK}`);
    bench.command('AT+CIPSTART=1,"SSL","192.168.4.2",443');
    bench.network.last.say('abc');
    expect(bench.wait(20)).toBe('\r\n+IPD,1,3,192.168.4.2,443:abc');
  });

  test('ESP32, passive: one announcement until it is read', () => {
    for (const firmware of ['2.1.0', '2.4.0', '3.4.0', '4.1.0', '5.0.0'] as const) {
      const bench = joined(firmware);
      bench.command('AT+CIPRECVMODE=1');
      bench.command('AT+CIPSTART="TCP","192.168.4.2",1000');
      bench.network.last.say('abc');
      expect(bench.wait(20)).toBe('\r\n+IPD,3\r\n');
      bench.network.last.say('def');
      expect(bench.wait(20)).toBe('');
      expect(bench.command('AT+CIPRECVDATA=100')).toBe(`+CIPRECVDATA:6,abcdef${OK}`);
    }
  });
});

describe('failures', () => {
  test('a connection that cannot be had: CONNECT FAIL on 1.1.3, +ERRNO on 5.0', () => {
    for (const [firmware, dialect] of releases) {
      const bench = joined(firmware, {}, { refused: [81] });
      bench.command('AT+CIPMUX=1');
      bench.command('AT+SYSLOG=1');
      const text = { v1: '2,CONNECT FAIL\r\n', v5: '+ERRNO:0x68\r\n' }[dialect as string] ?? '';
      expect(bench.command('AT+CIPSTART=2,"TCP","192.168.4.2",81', 30_000)).toBe(`${text}${ERROR}`);
    }
  });

  test('a join that fails ends in FAIL on NONOS', () => {
    for (const [firmware, dialect] of releases) {
      const bench = new Bench({ firmware, accessPoints: [{ ssid: 'Lab', password: 'rightpassword' }] });
      bench.command('ATE0');
      bench.command('AT+CWMODE=1');
      expect(bench.command('AT+CWJAP="Lab","wrongpassword"', 20_000)).toBe(`+CWJAP:2\r\n\r\n${dialect === 'nonos' ? 'FAIL' : 'ERROR'}\r\n`);
      if (dialect === 'nonos') expect(bench.command('AT+CWJAP_CUR="Lab","wrongpassword"', 20_000)).toBe('+CWJAP:2\r\n\r\nFAIL\r\n');
    }
  });

  test('AT+PING: `+<ms>` and `+timeout` on NONOS', () => {
    const bench = joined('1.7.4');
    expect(bench.command('AT+PING="192.168.4.2"', 2000)).toMatch(/^\+\d+\r\n\r\nOK\r\n$/);
    expect(bench.command('AT+PING="10.0.0.1"', 10_000)).toBe(`+timeout\r\n${ERROR}`);
    expect(joined('1.1.3').command('AT+PING="10.0.0.1"', 10_000)).toBe(`+PING:TIMEOUT\r\n${ERROR}`);
  });

  test('NONOS writes its reasons on the AT port, ESP32 only where the log shares it', () => {
    const reasons = (bench: Bench): readonly string[] => {
      const said = [bench.command('AT+CIPSTART="TCP","192.168.4.2",1000')];
      bench.join();
      said.push(bench.command('AT+CIPSEND=1'));
      bench.command('AT+CIPSTART="TCP","192.168.4.2",1000');
      return [...said, bench.command('AT+CIPSTART="TCP","192.168.4.2",1000'), bench.command('AT+CIPMUX=1'), bench.command('AT+CIPCLOSE=0')];
    };
    const quiet = (config: EmulatorConfig): Bench => {
      const bench = new Bench(config);
      bench.command('AT+CWMODE=1');
      bench.command('ATE0');
      return bench;
    };
    const spoken = ['no ip', 'link is not valid', 'ALREADY CONNECTED', 'link is builded', 'MUX=0'].map((text) => `${text}\r\n${ERROR}`);
    expect(reasons(quiet({ firmware: '1.7.4' }))).toEqual(spoken);
    expect(reasons(quiet({ firmware: '2.4.0', sharedLog: true }))).toEqual(spoken);
    expect(reasons(quiet({ firmware: '2.4.0' }))).toEqual(spoken.map(() => ERROR));
    expect(quiet({ firmware: '1.7.4' }).command('AT+CWJAP?')).toBe(`No AP\r\n${OK}`);
  });
});

describe('NONOS by itself', () => {
  test('echoes a CR too many', () => {
    const bench = new Bench({ firmware: '1.7.4' });
    expect(bench.send('AT\r\n')).toBe('AT\r\r\n\r\nOK\r\n');
    expect(new Bench({ firmware: '1.1.3' }).send('AT\r\n')).toBe('AT\r\n\r\nOK\r\n');
  });

  test('busy p... while a command runs, busy s... while it sends', () => {
    const bench = joined('1.7.4');
    bench.command('AT+CIPSTART="TCP","192.168.4.2",1000');
    bench.write('AT+CWLAP\r\n');
    bench.wait(20);
    expect(bench.send('AT\r\n', 10)).toBe('\r\nbusy p...\r\n');
    bench.wait(1000);
    bench.network.last.room = 0;
    bench.command('AT+CIPSEND=3');
    expect(bench.send('abc')).toBe('\r\nRecv 3 bytes\r\n');
    expect(bench.send('AT\r\n')).toBe('\r\nbusy s...\r\n');
    bench.network.last.room = 3;
    bench.network.last.writable.next();
    expect(bench.wait(50)).toBe('\r\nSEND OK\r\n');
    const later = joined('2.1.0');
    later.command('AT+CIPSTART="TCP","192.168.4.2",1000');
    later.network.last.room = 0;
    later.command('AT+CIPSEND=3');
    later.send('abc');
    expect(later.send('AT\r\n')).toBe('\r\nbusy p...\r\n');
  });

  test('_CUR lasts until the restart, _DEF and the bare name are stored', () => {
    const store = {};
    const bench = new Bench({ firmware: '1.7.4', store });
    bench.command('ATE0');
    expect(bench.command('AT+CWMODE_CUR=1')).toBe(OK);
    expect(bench.command('AT+CWMODE?')).toBe(`+CWMODE:1\r\n${OK}`);
    expect(bench.command('AT+CWMODE_CUR?')).toBe(`+CWMODE_CUR:1\r\n${OK}`);
    expect(bench.command('AT+CWMODE_DEF?')).toBe(`+CWMODE_DEF:2\r\n${OK}`);
    expect(bench.command('AT+CWJAP_CUR="Espressif",""', 1000)).toBe(`WIFI CONNECTED\r\nWIFI GOT IP\r\n${OK}`);
    expect(bench.command('AT+CWJAP_CUR?')).toBe(`+CWJAP_CUR:"Espressif","10:01:00:c4:0a:51",5,-25\r\n${OK}`);
    const again = new Bench({ firmware: '1.7.4', store });
    again.command('ATE0');
    expect(again.command('AT+CWMODE?')).toBe(`+CWMODE:2\r\n${OK}`);
    again.command('AT+CWMODE_DEF=3');
    again.command('AT+CWJAP_DEF="Espressif",""', 1000);
    expect(new Bench({ firmware: '1.7.4', store }).command('AT+CWJAP?')).toContain('+CWJAP:"Espressif"');
  });

  test('a second AT+CIPSERVER=1 is `no change`, and its clients have 180 s', () => {
    const bench = joined('1.7.4');
    bench.command('AT+CIPMUX=1');
    expect(bench.command('AT+CIPSERVER=1,80')).toBe(OK);
    expect(bench.command('AT+CIPSERVER=1,80')).toBe(`no change\r\n${OK}`);
    expect(bench.command('AT+CIPSTO?')).toBe(`+CIPSTO:180\r\n${OK}`);
  });
});

test('what 1.1.3 does not say: +QUITT, +STA_CONNECTED', () => {
  for (const firmware of ['1.1.3', '2.0.0'] as const) {
    const bench = joined(firmware);
    bench.command('AT+SYSMSG=1');
    bench.command('AT+CIPSTART="TCP","192.168.4.2",1000');
    bench.command('AT+CIPMODE=1');
    bench.command('AT+CIPSEND');
    expect(bench.send('+++', 1500)).toBe(firmware === '1.1.3' ? '' : '\r\n+QUITT\r\n');
    const ap = new Bench({ firmware });
    ap.module.world.visit({ mac: 'aa:bb:cc:dd:ee:ff' });
    expect(ap.wait(500).includes('+STA_CONNECTED')).toBe(firmware !== '1.1.3');
  }
});
