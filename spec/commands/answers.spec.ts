import { AtError } from '../../operators/atError.js';
import { bootSettings, commandKey, type Command, type ModuleSettings } from '../../lib/command/command.js';
import { commands } from '../../lib/commands/index.js';
import { dialects } from '../../lib/dialects/dialects.js';
import type { DialectName } from '../../lib/dialects/dialect.js';
import { suffixed } from '../../lib/dialects/suffixed.js';
import { advance, openSlot } from '../../lib/exchange/slot.js';

const { basic, wifi, tcpip, ble, bt, mqtt, http, ethernet } = commands;

/** The value of an answer, JSON; or the reasons of a refusal. */
const answer = (key: Command, lines: readonly string[], dialect: DialectName = 'v4', settings: Partial<ModuleSettings> = {}): unknown => {
  const declared = dialects[dialect].commands.get(commandKey(key));
  if (declared === undefined) throw new Error(`${dialect} has no ${commandKey(key)}`);
  let slot = openSlot(declared, 'x');
  const shape = { ...bootSettings, ...settings };
  for (const text of lines) {
    const step = advance(slot, { kind: 'line', text }, shape);
    if (!step.taken) throw new Error(`not of the answer: ${text}`);
    slot = step.slot;
  }
  if (slot.failure !== undefined) throw slot.failure;
  const value = lines[lines.length - 1] === 'ERROR' ? slot.reasons : declared.response.collect(slot.items, slot.free);
  if (value instanceof AtError) throw value;
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
};

const mac = '24:0a:c4:09:34:23';

test.each<[string, Command, readonly string[], unknown, DialectName?]>([
  ['one value before 2.2', basic.memory, ['+SYSRAM:148408', 'OK'], { free: 148408 }, 'v2'],
  ['two since', basic.memory, ['+SYSRAM:148408,84044', 'OK'], { free: 148408, minimum: 84044 }],
  ['hex', basic.rollbackQuery, ['+SYSROLLBACK:0x100000,"4.1.0",0x260000,"4.0.0"', 'OK'], { address: 0x100000, version: '4.1.0', otherAddress: 0x260000, otherVersion: '4.0.0' }],
  ['a build without BLE', basic.radioPowerQuery, ['+RFPOWER:78', 'OK'], { wifi: 78 }],
  ['names by blanks', basic.listFiles, ['+FS:a b.txt ', 'OK'], ['a', 'b.txt']],
  ['an empty directory', basic.listFiles, ['+FS:', 'OK'], []],
  ['a size', basic.fileSize, ['+FS:12', 'OK'], 12],
  ['a partition', basic.partitions, ['+SYSFLASH:"mqtt_ca",64,9,0x2e000,0x2000', 'OK'], [{ partition: 'mqtt_ca', type: 64, subtype: 9, address: 0x2e000, size: 0x2000 }]],
  ['commands of a build', basic.commandList, ['+CMD:0,"AT",0,0,0,1', 'OK'], [{ index: 0, name: 'AT', test: false, query: false, set: false, execute: true }]],
  ['a divided clock', basic.uartQuery, ['+UART_CUR:115201,8,1,0,3', 'OK'], { baud: 115201, dataBits: 'eight', stopBits: 'one', parity: 'none', flowControl: 'both' }],
  ['the time before deep sleep, as documented', basic.deepSleep, ['OK'], undefined],
  ['the range of modes', wifi.modeRange, ['+CWMODE:(1-3)', 'OK'], '1-3', 'v2'],
  ['not joined', wifi.joinQuery, ['OK'], undefined],
  ['joined, 1.x', wifi.joinQuery, [`+CWJAP:"a","b",${'"'}${mac}",1,-40`, 'OK'], { ssid: 'a","b', bssid: mac, channel: 1, rssi: -40 }, 'v1'],
  ['joined, 2.0', wifi.joinQuery, [`+CWJAP:"net","${mac}",1,-40,0,1,3`, 'OK'], { ssid: 'net', bssid: mac, channel: 1, rssi: -40, pci: false, interval: 1, listenInterval: 3 }, 'v2'],
  ['joined, 4.1', wifi.joinQuery, [`+CWJAP:"net","${mac}",1,-40,0,1,3,0,1`, 'OK'], { ssid: 'net', bssid: mac, channel: 1, rssi: -40, pci: false, interval: 1, listenInterval: 3, scanMode: 'fast', pmf: 1 }],
  ['refused', wifi.join, ['+CWJAP:2', 'ERROR'], [{ reason: 'password' }]],
  ['stations without quotes', wifi.stations, [`+CWLIF:192.168.4.2,${mac}`, 'OK'], [{ address: '192.168.4.2', mac }]],
  ['a softAP whose name holds quotes', wifi.softApQuery, ['+CWSAP:"my"ap","pass,"word",1,3,10,0', 'OK'], { ssid: 'my"ap', password: '**********', channel: 1, encryption: 'wpa2', maxStations: 10, hidden: false }],
  ['a lease', wifi.dhcpServerQuery, ['+CWDHCPS:3,192.168.4.10,192.168.4.15', 'OK'], { lease: 3, start: '192.168.4.10', end: '192.168.4.15' }],
  ['an address a line', wifi.stationAddressQuery, ['+CIPSTA:ip:"10.0.0.7"', '+CIPSTA:gateway:"10.0.0.1"', '+CIPSTA:netmask:"255.0.0.0"', '+CIPSTA:ip6ll:"fe80::1"', 'OK'], { ip: '10.0.0.7', gateway: '10.0.0.1', netmask: '255.0.0.0', ip6Local: 'fe80::1' }],
  ['one line, as documented', wifi.softApAddressQuery, ['+CIPAP:"192.168.4.1"', 'OK'], { ip: '192.168.4.1' }, 'v2'],
  ['bare addresses', ethernet.addressQuery, ['+CIPETH:ip:10.0.0.7', '+CIPETH:gateway:10.0.0.1', '+CIPETH:netmask:255.0.0.0', 'OK'], { ip: '10.0.0.7', gateway: '10.0.0.1', netmask: '255.0.0.0' }],
  ['a country', wifi.countryQuery, ['+CWCOUNTRY:1,"CN",1,13', 'OK'], { policy: 'fixed', country: 'CN', start: 1, count: 13 }],
  ['nothing joined by EAP', wifi.joinEnterpriseQuery, ['OK'], undefined],
  ['EAP timed out', wifi.joinEnterprise, ['+CWJEAP:Timeout', 'ERROR'], [{ reason: 'timeout' }]],
  ['a host name without quotes', wifi.hostnameQuery, ['+CWHOSTNAME:ab"c,d\\e', 'OK'], { hostname: 'ab"c,d\\e' }],
  ['status and links', tcpip.status, ['STATUS:3', '+CIPSTATUS:0,"TCP","10.0.0.2",80,50000,0', 'OK'], { status: { status: 3 }, links: [{ link: 0, type: 'TCP', remoteAddress: '10.0.0.2', remotePort: 80, localPort: 50000, role: 'client' }] }],
  ['a closed server', tcpip.serverQuery, ['+CIPSERVER:0', 'OK'], { enable: false }],
  ['an open server, 4.1', tcpip.serverQuery, ['+CIPSERVER:1,333,"TCP",0,0', 'OK'], { enable: true, port: 333, type: 'TCP', verifyClient: false, interface: 0 }],
  ['too many clients', tcpip.serverLimit, ['Have 5 Connections', 'ERROR'], [{ connections: 5 }]],
  ['unquoted address', tcpip.resolve, ['+CIPDOMAIN:192.0.2.44', 'OK'], { address: '192.0.2.44' }, 'v2'],
  ['quoted address', tcpip.resolve, ['+CIPDOMAIN:"fe80::1"', 'OK'], { address: 'fe80::1' }],
  ['a round trip', tcpip.ping, ['+PING:12', 'OK'], 12],
  ['no answer', tcpip.ping, ['+PING:TIMEOUT', 'ERROR'], [{ reason: 'timeout' }]],
  ['no answer, as documented', tcpip.ping, ['+timeout', 'ERROR'], [{ reason: 'timeout' }], 'v2'],
  ['a round trip, NONOS', tcpip.ping, ['+12', 'OK'], 12, 'nonos'],
  ['one DNS server, 2.0', tcpip.dnsQuery, ['+CIPDNS:0,"208.67.222.222"', 'OK'], { enable: false, servers: ['208.67.222.222'] }, 'v2'],
  ['three', tcpip.dnsQuery, ['+CIPDNS:1,"8.8.8.8","240c::6666","1.1.1.1"', 'OK'], { enable: true, servers: ['8.8.8.8', '240c::6666', '1.1.1.1'] }],
  ['DNS servers, NONOS', tcpip.dnsQuery, ['+CIPDNS:9.9.9.9', '+CIPDNS:1.1.1.1', 'OK'], { enable: undefined, servers: ['9.9.9.9', '1.1.1.1'] }, 'nonos'],
  ['DHCP of the softAP, NONOS', wifi.dhcpQuery, ['+CWDHCP:1', 'OK'], { interfaces: 2 }, 'nonos'],
  ['SNTP off, 2.0', tcpip.sntpQuery, ['+CIPSNTPCFG:0', 'OK'], { enable: false, servers: [] }, 'v2'],
  ['SNTP on', tcpip.sntpQuery, ['+CIPSNTPCFG:1,-5,"a.org","b.org"', 'OK'], { enable: true, timezone: -5, servers: ['a.org', 'b.org'] }],
  ['a time', tcpip.timeQuery, ['+CIPSNTPTIME:Thu Sep  2 18:57:03 2021', 'OK'], '2021-09-02T18:57:03'],
  ['state of an update by either prefix', tcpip.updateState, ['+CIUPDATE:0', 'OK'], { state: 0 }],
  ['state of an update, as documented', tcpip.updateState, ['+CIPUPDATE:2', 'OK'], { state: 2 }],
  ['versions', tcpip.updateVersions, ['+CIPFWVER:"v2.2.0.0"', '+CIPFWVER:"v2.3.0.0"', 'OK'], [{ version: 'v2.2.0.0' }, { version: 'v2.3.0.0' }]],
  ['protocols of a link', tcpip.tlsProtocolsQuery, ['+CIPSSLCALPN:0,"h2","http/1.1"', '+CIPSSLCALPN:1,h2', 'OK'], [{ link: 0, protocols: ['h2', 'http/1.1'] }, { link: 1, protocols: ['h2'] }]],
  ['no certificate', tcpip.tls, ['NO CERT FOUND', 'ERROR'], [{ reason: 'NO CERT FOUND' }]],
  ['true and false', tcpip.showSendersQuery, ['+CIPDINFO:true', 'OK'], { enable: true }],
  ['blanks for closed links', tcpip.receiveLengths, ['+CIPRECVLEN:100,,,,', 'OK'], [100]],
  ['four socket options, 2.1', tcpip.socketOptionsQuery, ['+CIPTCPOPT:0,-1,0,0', 'OK'], [{ link: 0, linger: -1, noDelay: false, sendTimeout: 0 }], 'v2'],
  ['five since', tcpip.socketOptionsQuery, ['+CIPTCPOPT:0,-1,1,0,60', 'OK'], [{ link: 0, linger: -1, noDelay: true, sendTimeout: 0, keepAlive: 60 }]],
  ['no BLE connection, a bare line', ble.connectionsQuery, ['+BLECONN:', 'OK'], []],
  ['a BLE connection', ble.connectionsQuery, [`+BLECONN:0,${mac}`, 'OK'], [{ connection: 0, address: mac }]],
  ['an unquoted BLE address', ble.addressQuery, [`+BLEADDR:${mac.toUpperCase()}`, 'OK'], mac, 'v2'],
  ['services', ble.services, ['+BLEGATTCPRIMSRV:0,1,0x1801,1', '+BLEGATTCPRIMSRV:0,2,0x0102030405060708090A0B0C0D0E0F10,1', 'OK'], [
    { connection: 0, service: 1, uuid: '1801', primary: true },
    { connection: 0, service: 2, uuid: '0102030405060708090A0B0C0D0E0F10', primary: true },
  ]],
  ['properties, decimal as documented', ble.characteristics, ['+BLEGATTCCHAR:"char",0,3,1,0xC300,2', '+BLEGATTCCHAR:"desc",0,3,1,1,0x2901', 'OK'], {
    characteristics: [{ connection: 0, service: 3, characteristic: 1, uuid: 'C300', properties: 2 }],
    descriptors: [{ connection: 0, service: 3, characteristic: 1, descriptor: 1, uuid: '2901' }],
  }],
  ['an unset key', ble.staticKeyQuery, ['+BLESETKEY:-1', 'OK'], undefined],
  ['a key', ble.staticKeyQuery, ['+BLESETKEY:123456', 'OK'], '******'],
  ['an advert', ble.advertiseQuery, ['+BLEADVDATAEX:"ESP-AT","A002","0102030405",1', 'OK'], { name: 'ESP-AT', uuid: 'a002', manufacturer: '0102030405', includePower: 1 }],
  ['no SPP connection', bt.sppConnections, ['+BTSPPCONN:-1', 'OK'], []],
  ['nothing to play', bt.a2dpSourceQuery, ['+BTA2DPSRC:NULL,NULL', 'OK'], { url: 'NULL', type: 'NULL' }],
  ['a broker', mqtt.connectQuery, ['+MQTTCONN:0,4,1,"broker","8883","",0', 'OK'], { link: 0, state: 'connected', scheme: 1, host: 'broker', port: 8883, path: '', reconnect: false }],
  ['no subscription', mqtt.subscribeQuery, ['+MQTTSUB:0,4,"",0', 'OK'], { state: 'connected', topics: [] }],
  ['subscriptions', mqtt.subscribeQuery, ['+MQTTSUB:0,6,"a,b",1', '+MQTTSUB:0,6,"c",2', 'OK'], { state: 'subscribed', topics: [{ topic: 'a,b', qos: 1 }, { topic: 'c', qos: 2 }] }],
  ['a size', http.size, ['+HTTPGETSIZE:5000', 'OK'], 5000],
  ['headers', http.headersQuery, ['+HTTPCHEAD:0,"X-D: 9"', 'OK'], [{ index: 0, header: 'X-D: 9' }]],
])('%s', (...[, key, lines, value, dialect]) => {
  expect(answer(key, lines, dialect)).toEqual(value);
});

test('a joined access point of NONOS refuses with FAIL, under any of its names', () => {
  const declared = dialects.nonos.commands.get('AT+CWJAP_CUR set');
  const lines = ['+CWJAP_CUR:3', 'FAIL'];
  let slot = openSlot(declared as Command, 'x');
  const effects = lines.flatMap((text) => {
    const step = advance(slot, { kind: 'line', text }, bootSettings);
    slot = step.slot;
    return step.effects;
  });
  expect(slot.reasons).toEqual([{ reason: 'not-found' }]);
  expect(effects).toEqual([{ do: 'end', result: 'FAIL' }]);
});

test('a command under its longer name answers under it', () => {
  expect(answer(suffixed(wifi.modeQuery, 'DEF'), ['+CWMODE_DEF:3', 'OK'], 'nonos')).toEqual({ mode: 'both' });
  expect(answer(suffixed(wifi.stationAddressQuery, 'CUR'), ['+CIPSTA_CUR:ip:"10.0.0.7"', 'OK'], 'nonos')).toEqual({ ip: '10.0.0.7' });
});

test('how long is waited follows from what is asked', () => {
  const waits = (key: Command, params: Readonly<Record<string, unknown>>): number => key.timeout(params);
  expect(waits(wifi.join, {})).toBe(25_000);
  expect(waits(wifi.join, { timeout: 600 })).toBe(610_000);
  expect(waits(wifi.scanFor, { maxTime: 1500 })).toBe(41_000);
  expect(waits(tcpip.connect, { type: 'SSL' })).toBeGreaterThan(waits(tcpip.connect, { type: 'TCP' }));
  expect(waits(tcpip.update, {})).toBe(180_000);
  expect(waits(ble.connect, { timeout: 3 })).toBe(8000);
  expect(waits(ble.connect, {})).toBe(35_000);
  expect(waits(bt.discover, { length: 48 })).toBe(71_440);
  expect(waits(http.get, { timeout: 180_000 })).toBe(190_000);
});

test('settings that change the shape of lines are followed', () => {
  const effect = (key: Command, params: Readonly<Record<string, unknown>>): unknown => key.effect?.(params);
  expect(effect(basic.echo, { enable: false })).toEqual({ echo: false });
  expect(effect(basic.errorCodes, { enable: true })).toEqual({ syslog: true });
  expect(effect(basic.systemMessages, { mask: 3 })).toEqual({ sysmsg: 3 });
  expect(effect(tcpip.multipleConnections, { enable: true })).toEqual({ cipmux: true });
  expect(effect(tcpip.showSenders, { enable: true })).toEqual({ cipdinfo: true });
  expect(effect(tcpip.transferMode, { passthrough: true })).toEqual({ cipmode: true });
  expect(effect(tcpip.receiveMode, { passive: true })).toEqual({ passive: true });
  expect(effect(tcpip.receiveType, { passive: false })).toEqual({ passive: false });
  expect(effect(wifi.scanOptions, { sorted: true, mask: 6 })).toEqual({ scanMask: 6 });
});
