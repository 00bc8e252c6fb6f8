import { Bench, ERROR, OK } from './bench.js';

describe('releases', () => {
  test('the dialect picks the release', () => {
    expect(new Bench({ dialect: 'v2' }).command('AT+GMR')).toContain('AT version:2.1.0.0(');
    expect(new Bench({ dialect: 'v4' }).command('AT+GMR')).toContain('AT version:4.1.0.0-dev(');
    expect(new Bench().command('AT+GMR')).toContain('AT version:4.1.0.0-dev(');
    expect(new Bench({ firmware: '2.0.0', dialect: 'v4' }).command('AT+GMR')).toContain('AT version:2.0.0.0(');
  });

  test.each([
    ['2.0.0', 'AT+SYSSTORE?', undefined],
    ['2.1.0', 'AT+SYSSTORE?', '+SYSSTORE:1\r\n'],
    ['2.0.0', 'AT+CIPTCPOPT?', undefined],
    ['2.1.0', 'AT+CIPTCPOPT?', '+CIPTCPOPT:0,-1,0,0\r\n'],
    ['4.1.0', 'AT+CIPTCPOPT?', '+CIPTCPOPT:0,-1,0,0,0\r\n'],
    ['2.1.0', 'AT+CIPSTATE?', undefined],
    ['4.1.0', 'AT+CIPSTATE?', ''],
    ['2.1.0', 'AT+CIPRECVTYPE?', undefined],
    ['2.1.0', 'AT+CIPSENDL=5', undefined],
    ['2.1.0', 'AT+CWCOUNTRY?', '+CWCOUNTRY:1,"CN",1,13\r\n'],
    ['2.0.0', 'AT+CWCOUNTRY?', undefined],
    ['2.1.0', 'AT+CIPSNTPCFG?', '+CIPSNTPCFG:0\r\n'],
    ['4.1.0', 'AT+CIPSNTPCFG?', '+CIPSNTPCFG:0,0\r\n'],
    ['2.1.0', 'AT+SYSRAM?', '+SYSRAM:175356'],
    ['4.1.0', 'AT+SYSRAM?', '+SYSRAM:186992,176044'],
  ] as const)('%s %s', (firmware, line, answer) => {
    const bench = new Bench({ firmware });
    bench.command('AT+SYSLOG=1');
    expect(bench.command(line)).toBe(answer === undefined ? `ERR CODE:0x01090000\r\n${ERROR}` : `${answer}${OK}`);
  });

  test('AT+CWJAP? has seven, eight or nine fields', () => {
    for (const [firmware, fields] of [['2.0.0', 7], ['2.1.0', 8], ['4.1.0', 9]] as const) {
      const bench = new Bench({ firmware });
      bench.join();
      expect(bench.command('AT+CWJAP?').split(OK)[0]?.split(',').length).toBe(fields);
    }
  });

  test('the prompt: two writes on 2.x, one on 4.1', () => {
    for (const [firmware, chunks] of [['2.1.0', [OK, '\r\n>']], ['4.1.0', [`${OK}\r\n>`]]] as const) {
      const bench = new Bench({ firmware });
      bench.connect();
      bench.command('ATE0');
      bench.chunks.length = 0;
      bench.command('AT+CIPSEND=1');
      expect(bench.chunks.map(({ text }) => text)).toEqual(chunks);
    }
  });

  test('a build without a group does not know its commands', () => {
    const bench = new Bench({ without: ['mqtt'] });
    bench.command('AT+SYSLOG=1');
    expect(bench.command('AT+MQTTCONN?')).toBe(`ERR CODE:0x01090000\r\n${ERROR}`);
    expect(bench.command('AT+CMD?')).not.toContain('MQTT');
  });

  test('known commands without a behaviour are refused, never pretended', () => {
    const bench = new Bench();
    bench.command('AT+SYSLOG=1');
    const forms = Array.from(bench.command('AT+CMD?', 500).matchAll(/"(AT\+(?:BLE|BT|MQTT|HTTP|WS|FS|DRV|USER)[A-Z0-9]*)",\d,\d,(\d),(\d)/g));
    expect(forms.length).toBeGreaterThan(90);
    for (const [, name = '', set, execute] of forms) {
      // AT+DRVADC reads a pin to which nothing is connected.
      if (name === 'AT+DRVADC') continue;
      if (set === '1') expect(bench.command(`${name}=1,1,1,1,1`)).toMatch(/\r\nERROR\r\n$/);
      if (execute === '1') expect(bench.command(name)).toMatch(/\r\nERROR\r\n$/);
    }
  });

  test('the clock: zones in hours, on 4.1 also in hours and minutes', () => {
    const bench = new Bench({}, { time: 1_700_000_000 });
    bench.join();
    expect(bench.command('AT+CIPSNTPCFG=1,530,"192.168.4.2"')).toBe(`+TIME_UPDATED\r\n${OK}`);
    expect(bench.command('AT+CIPSNTPTIME?')).toBe('+CIPSNTPTIME:Wed Nov 15 03:43:20 2023\r\nOK\r\n');
    expect(bench.command('AT+CIPSNTPCFG=1,015,"192.168.4.2"')).toBe(`+TIME_UPDATED\r\n${OK}`);
    expect(bench.command('AT+CIPSNTPTIME?')).toBe('+CIPSNTPTIME:Tue Nov 14 22:28:20 2023\r\nOK\r\n');
    expect(bench.command('AT+CIPSNTPCFG?')).toBe(`+CIPSNTPCFG:1,0,"192.168.4.2"\r\n${OK}`);
    expect(bench.command('AT+CIPSNTPCFG=1,75,"192.168.4.2"')).toBe(ERROR);
    expect(bench.command('AT+CIPSNTPCFG=1,560,"192.168.4.2"')).toBe(ERROR);
    const old = new Bench({ dialect: 'v2' }, { time: 1_700_000_000 });
    old.join();
    expect(old.command('AT+CIPSNTPCFG=1,8,"192.168.4.2"')).toBe(OK);
    expect(old.command('AT+CIPSNTPTIME?')).toContain('Wed Nov 15 06:13:20 2023');
    expect(old.command('AT+CIPSNTPCFG=1,14,"192.168.4.2"')).toBe(ERROR);
  });

  test('SSL settings per link, all with id 5, reach the connection', () => {
    const bench = new Bench();
    bench.join();
    bench.command('AT+CIPMUX=1');
    expect(bench.command('AT+CIPSSLCSNI=5,"host.example"')).toBe(OK);
    expect(bench.command('AT+CIPSSLCALPN=1,2,"h2","http/1.1"')).toBe(OK);
    expect(bench.command('AT+CIPSSLCPSKHEX=1,"00ff","me"')).toBe(OK);
    expect(bench.command('AT+CIPSSLCCONF=1,2,0,1')).toBe(OK);
    expect(bench.command('AT+CIPSSLCSNI?').match(/host\.example/g)?.length).toBe(5);
    expect(bench.command('AT+CIPSSLCALPN?')).toBe(`+CIPSSLCALPN:1,h2,http/1.1\r\n${OK}`);
    expect(bench.command('AT+CIPSSLCPSKHEX?')).toBe(`+CIPSSLCPSKHEX:1,00ff,me\r\n${OK}`);
    expect(bench.command('AT+CIPSTART=1,"SSL","192.168.4.2",443')).toBe('1,CONNECT\r\n\r\nOK\r\n');
    expect(bench.network.asked[0]?.tls).toEqual({
      authMode: 2, pkiNumber: 0, caNumber: 1, serverName: 'host.example', alpn: ['h2', 'http/1.1'], psk: { key: Uint8Array.of(0, 255), hint: 'me' },
    });
  });

  test('AT+SYSMSGFILTER drops what begins and ends as configured', () => {
    const bench = new Bench();
    bench.command('AT+SYSMSGFILTERCFG=1,4,2');
    expect(bench.send('WIFI\r\n')).toBe(OK);
    bench.command('AT+SYSMSGFILTER=1');
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+CWJAP="Espressif",""', 1000)).toBe(OK);
  });
});
