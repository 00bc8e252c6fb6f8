import { Bench, ERROR, OK } from './bench.js';

const joined = 'WIFI CONNECTED\r\nWIFI GOT IP\r\n\r\nOK\r\n';

describe('station mode', () => {
  test('the wrong password is 2, an absent network 3 after 15 s, no DHCP server 1', () => {
    const bench = new Bench({ accessPoints: [{ ssid: 'home', password: 'rightpass' }, { ssid: 'dead', lease: null }] });
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+CWJAP="home","wrongpass"', 1000)).toBe(`+CWJAP:2\r\n${ERROR}`);
    expect(bench.command('AT+CWJAP="nosuch",""', 14_900)).toBe('');
    expect(bench.wait(1000)).toBe(`+CWJAP:3\r\n${ERROR}`);
    expect(bench.command('AT+CWJAP="dead",""', 20_000)).toBe(`WIFI CONNECTED\r\n+CWJAP:1\r\n${ERROR}`);
    expect(bench.command('AT+CWJAP="home","rightpass"', 1000)).toBe(`WIFI DISCONNECT\r\n${joined}`);
  });

  test('jap_timeout is the time an absent network is looked for', () => {
    const bench = new Bench({ accessPoints: [] });
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+CWJAP="nosuch","",,,,,,3', 2900)).toBe('');
    expect(bench.wait(600)).toBe(`+CWJAP:3\r\n${ERROR}`);
    bench.write('AT+CWJAP="late",""\r\n');
    bench.wait(5000);
    bench.module.world.setAccessPoints([{ ssid: 'late' }]);
    expect(bench.wait(2000)).toBe(joined);
  });

  test('a name of two access points: the stronger, or the one with the BSSID', () => {
    const bench = new Bench({
      accessPoints: [{ ssid: 'mesh', rssi: -70, channel: 1, bssid: '10:00:00:00:00:01' }, { ssid: 'mesh', rssi: -40, channel: 6, bssid: '10:00:00:00:00:02' }],
    });
    bench.command('AT+CWMODE=1');
    bench.command('AT+CWJAP="mesh",""', 1000);
    expect(bench.command('AT+CWJAP?')).toBe(`+CWJAP:"mesh","10:00:00:00:00:02",6,-40,0,1,3,0,1\r\n${OK}`);
    bench.command('AT+CWJAP="mesh","","10:00:00:00:00:01"', 1000);
    expect(bench.command('AT+CWJAP?')).toContain('"10:00:00:00:00:01",1,-70');
  });

  test('an access point that goes away drops the station, its links follow, and it comes back by itself', () => {
    const bench = new Bench();
    bench.connect();
    bench.module.world.setAccessPoints([]);
    expect(bench.wait(1000)).toBe('WIFI DISCONNECT\r\nCLOSED\r\n');
    expect(bench.command('AT+CIPSTATUS')).toBe(`STATUS:4\r\n${OK}`);
    bench.module.world.setAccessPoints([{ ssid: 'Espressif' }]);
    expect(bench.wait(5000)).toBe('WIFI CONNECTED\r\nWIFI GOT IP\r\n');
    expect(bench.command('AT+CIPSTATUS')).toBe(`STATUS:2\r\n${OK}`);
  });

  test('a change of signal only shows', () => {
    const bench = new Bench();
    bench.join();
    bench.module.world.setAccessPoints([{ ssid: 'Espressif', rssi: -80 }]);
    expect(bench.wait(1000)).toBe('');
    expect(bench.command('AT+CWJAP?')).toContain(',5,-80,');
  });

  test.each([
    [0, ''],
    [4, 'WIFI DISCONNECT\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\n'],
  ])('in passthrough with AT+SYSMSG=%i Wi-Fi says %j', (sysmsg, said) => {
    const bench = new Bench();
    bench.connect();
    for (const line of [`AT+SYSMSG=${sysmsg}`, 'AT+CIPMODE=1', 'AT+CIPSEND']) bench.command(line);
    const points = bench.module.world.accessPoints;
    bench.module.world.setAccessPoints([]);
    bench.module.world.setAccessPoints(points);
    expect(bench.wait(3000)).toBe(said);
    expect(bench.network.sockets.length).toBe(2);
  });

  test('hidden networks show only when asked for; the mask picks fields', () => {
    const bench = new Bench({ accessPoints: [{ ssid: 'open', rssi: -50 }, { ssid: 'ghost', hidden: true, password: '12345678' }] });
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+CWLAP', 1000)).toBe(`+CWLAP:(0,"open",-50,"10:01:00:c4:0a:51",5,-1,-1,0,0,3,0)\r\n${OK}`);
    bench.command('AT+CWLAPOPT=1,3');
    expect(bench.command('AT+CWLAP="ghost"', 1000)).toBe(`+CWLAP:(3,"ghost")\r\n${OK}`);
  });

  test('names hold any bytes, UTF-8 included, and come back unescaped', () => {
    const bench = new Bench({ accessPoints: [{ ssid: 'a,"b\\é' }] });
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+CWJAP="a\\,\\"b\\\\\xc3\xa9",""', 1000)).toBe(joined);
    expect(bench.command('AT+CWJAP?')).toContain('+CWJAP:"a,"b\\\xc3\xa9",');
  });

  test('IPv6: the link-local address after the other, and its keys', () => {
    const bench = new Bench({ accessPoints: [{ ssid: 'Espressif', prefix6: 'fd00::' }] });
    bench.command('AT+CIPV6=1');
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+CWJAP="Espressif",""', 1000)).toBe('WIFI CONNECTED\r\nWIFI GOT IP\r\nWIFI GOT IPv6 LL\r\nWIFI GOT IPv6 GL\r\n\r\nOK\r\n');
    expect(bench.command('AT+CIPSTA?')).toContain('+CIPSTA:ip6ll:"fe80::1201:ff:fec4:a24"\r\n');
  });

  test('enterprise: the user needs the password of the network', () => {
    const bench = new Bench({ accessPoints: [{ ssid: 'corp', password: 'pw', encryption: 5 }] });
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+CWJEAP="corp",1,"id","user","no",3', 20_000)).toBe(`+CWJEAP:Timeout\r\n${ERROR}`);
    expect(bench.command('AT+CWJEAP="corp",1,"id","user","pw",3', 1000)).toBe(joined);
  });

  test('SmartConfig and WPS join what they are told', () => {
    const bench = new Bench({ accessPoints: [{ ssid: 'home', password: '12345678' }] });
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+CWSTARTSMART=3')).toBe(OK);
    bench.module.world.smartConfig({ type: 'ESPTOUCH', ssid: 'home', password: '12345678' });
    expect(bench.wait(2000)).toBe(
      'smartconfig type:ESPTOUCH\r\nSmart get wifi info\r\nssid:home\r\npassword:12345678\r\nWIFI CONNECTED\r\nWIFI GOT IP\r\nsmartconfig connected wifi\r\n',
    );
    expect(bench.command('AT+CWSTOPSMART')).toBe(OK);
    bench.module.world.smartConfig({ type: 'AIRKISS', ssid: 'home', password: '12345678' });
    expect(bench.wait(2000)).toBe('');
    bench.command('AT+CWQAP');
    expect(bench.command('AT+WPS=1')).toBe(OK);
    bench.module.world.pressWps('home');
    expect(bench.wait(2000)).toBe('WIFI CONNECTED\r\nWIFI GOT IP\r\n');
  });
});

describe('softAP mode', () => {
  test('visitors come, get an address, are listed and thrown out', () => {
    const bench = new Bench();
    bench.module.world.visit({ mac: 'AA:BB:CC:00:00:02' });
    bench.module.world.visit({ mac: 'aa:bb:cc:00:00:04', ip: null });
    expect(bench.wait(500)).toBe(
      '+STA_CONNECTED:"aa:bb:cc:00:00:02"\r\n+STA_CONNECTED:"aa:bb:cc:00:00:04"\r\n+DIST_STA_IP:"aa:bb:cc:00:00:02","192.168.4.2"\r\n',
    );
    expect(bench.command('AT+CWLIF')).toBe('+CWLIF:192.168.4.2,aa:bb:cc:00:00:02\r\n+CWLIF:0.0.0.0,aa:bb:cc:00:00:04\r\n\r\nOK\r\n');
    expect(bench.command('AT+CWQIF="aa:bb:cc:00:00:02"')).toBe('+STA_DISCONNECTED:"aa:bb:cc:00:00:02"\r\n\r\nOK\r\n');
    bench.module.world.leave('AA:BB:CC:00:00:04');
    expect(bench.wait(10)).toBe('+STA_DISCONNECTED:"aa:bb:cc:00:00:04"\r\n');
    expect(bench.command('AT+CWLIF')).toBe(OK);
  });

  test('the password and the limit keep visitors out; without softAP there are none', () => {
    const bench = new Bench();
    expect(bench.command('AT+CWSAP="mine","12345678",6,3,1')).toBe(OK);
    bench.module.world.visit({ mac: 'aa:bb:cc:00:00:02', password: 'wrong678' });
    expect(bench.wait(10)).toBe('');
    bench.module.world.visit({ mac: 'aa:bb:cc:00:00:02', password: '12345678' });
    bench.module.world.visit({ mac: 'aa:bb:cc:00:00:06', password: '12345678' });
    expect(bench.wait(10)).toBe('+STA_CONNECTED:"aa:bb:cc:00:00:02"\r\n');
    bench.command('AT+CWMODE=1');
    expect(bench.command('AT+CWLIF')).toBe(ERROR);
    bench.module.world.visit({ mac: 'aa:bb:cc:00:00:08' });
    expect(bench.wait(10)).toBe('');
  });
});

describe('Ethernet', () => {
  test('a cable, an address, gone again; not in a build without it', () => {
    const bench = new Bench();
    bench.module.world.plug({ ip: '10.0.0.9' });
    expect(bench.wait(500)).toBe('+ETH_CONNECTED\r\n+ETH_GOT_IP:10.0.0.9\r\n');
    expect(bench.command('AT+CIPETH?')).toContain('+CIPETH:ip:"10.0.0.9"\r\n');
    expect(bench.command('AT+CIPSTART="TCP","192.168.4.2",80')).toBe('CONNECT\r\n\r\nOK\r\n');
    bench.module.world.unplug();
    expect(bench.wait(10)).toBe('+ETH_DISCONNECTED\r\n');
    const none = new Bench({ without: ['ethernet'] });
    none.module.world.plug();
    expect(none.wait(500)).toBe('');
    none.command('AT+SYSLOG=1');
    expect(none.command('AT+CIPETH?')).toBe(`ERR CODE:0x01090000\r\n${ERROR}`);
  });
});
