import { decodeAnyhow } from '../decode/captures.js';
import * as events from '../../lib/events/events.js';
import type { DialectName } from '../../lib/dialects/dialect.js';
import { dialects } from '../../lib/dialects/dialects.js';
import type { CaptureContext } from '../../lib/decode/decoded.js';

type Row = readonly [wire: string, name: string, fields: Readonly<Record<string, unknown>>, payload?: string];
const event = ([, name, fields, payload]: Row): unknown => ({ kind: 'event', name, fields, ...(payload === undefined ? {} : { payload }) });

const read = (dialect: DialectName, context: CaptureContext, rows: readonly Row[]): void => {
  // One capture each, then all of them behind each other: a counted payload must not swallow what follows.
  for (const row of rows) expect(decodeAnyhow([{ rx: row[0] }], { dialect, context })).toEqual([event(row)]);
  expect(decodeAnyhow([{ rx: rows.map(([wire]) => wire).join('') }], { dialect, context })).toEqual(rows.map(event));
};

const mac = '24:0a:c4:09:34:23';

test('the module, Wi-Fi, Ethernet and time', () => {
  read('v4', {}, [
    ['busy p...\r\n', 'busy p...', {}],
    ['WIFI CONNECTED\r\n', 'WIFI CONNECTED', {}],
    ['WIFI GOT IP\r\n', 'WIFI GOT IP', {}],
    ['WIFI GOT IPv6 LL\r\n', 'WIFI GOT IPv6 LL', {}],
    ['WIFI GOT IPv6 GL\r\n', 'WIFI GOT IPv6 GL', {}],
    ['WIFI DISCONNECT\r\n', 'WIFI DISCONNECT', {}],
    [`+STA_CONNECTED:"${mac}"\r\n`, '+STA_CONNECTED', { mac }],
    [`+DIST_STA_IP:"${mac}","192.168.4.2"\r\n`, '+DIST_STA_IP', { mac, address: '192.168.4.2' }],
    [`+STA_DISCONNECTED:"${mac}"\r\n`, '+STA_DISCONNECTED', { mac }],
    ['+ETH_CONNECTED\r\n', '+ETH_CONNECTED', {}],
    ['+ETH_GOT_IP:10.0.0.7\r\n', '+ETH_GOT_IP', { address: '10.0.0.7' }],
    ['+ETH_DISCONNECTED\r\n', '+ETH_DISCONNECTED', {}],
    ['+TIME_UPDATED\r\n', '+TIME_UPDATED', {}],
    ['+CIPUPDATE:3\r\n', '+CIPUPDATE', { step: 'version' }],
    ['+CIPUPDATE:-1\r\n', '+CIPUPDATE', { step: 'failed' }],
    ['smartconfig type:AIRKISS\r\n', 'smartconfig type', { type: 'AIRKISS' }],
    ['Smart get wifi info\r\n', 'Smart get wifi info', {}],
    ['ssid:my, "net"\r\n', 'ssid', { ssid: 'my, "net"' }],
    ['password:12345678\r\n', 'password', { password: '********' }],
    ['+SCRD:5,a\r\nb,\r\n', '+SCRD', { length: 5 }, 'a\r\nb,'],
    ['smartconfig connected wifi\r\n', 'smartconfig connected wifi', {}],
    ['\r\nWill force to restart!!!\r\n', 'Will force to restart!!!', {}],
    ['\r\nready\r\n', 'ready', {}],
  ]);
});

test('links in single connection: no link ID on any line', () => {
  read('v4', { cipmux: 0 }, [
    ['CONNECT\r\n', 'CONNECT', { link: null }],
    ['\r\n+IPD,6:a,b\r\n>\r\n', '+IPD', { link: null, length: 6 }, 'a,b\r\n>'],
    ['\r\n+IPD,1460\r\n', '+IPD', { link: null, length: 1460 }],
    ['CLOSED\r\n', 'CLOSED', { link: null }],
  ]);
});

test('links in multiple connection, with senders, active and passive', () => {
  const remote = { address: '192.168.4.2', port: 80 };
  read('v4', { cipmux: 1, cipdinfo: 1, sysmsg: 3 }, [
    ['4,CONNECT\r\n', 'CONNECT', { link: 4 }],
    ['+LINK_CONN:0,1,"TCP",1,"192.168.4.2",50123,333\r\n', '+LINK_CONN', { status: 0, link: 1, type: 'TCP', role: 'server', remoteAddress: '192.168.4.2', remotePort: 50123, localPort: 333 }],
    ['+LINK_CONN:0,0,"TCPv6",0,"fe80::1",80,60000\r\n', '+LINK_CONN', { status: 0, link: 0, type: 'TCPv6', role: 'client', remoteAddress: 'fe80::1', remotePort: 80, localPort: 60000 }],
    ['\r\n+IPD,1,3,"192.168.4.2",80:abc\r\n', '+IPD', { link: 1, length: 3, remote }, 'abc'],
    ['\r\n+IPD,1,3,"fe80::1",80:a:c\r\n', '+IPD', { link: 1, length: 3, remote: { address: 'fe80::1', port: 80 } }, 'a:c'],
    ['\r\n+IPD,0,20\r\n', '+IPD', { link: 0, length: 20 }],
    ['+CIPSENDL:2048,2920\r\n', '+CIPSENDL', { sent: 2048, received: 2920 }],
    ['0,CLOSED\r\n', 'CLOSED', { link: 0 }],
    ['Have 3 Connections\r\n', 'Have Connections', { connections: 3 }],
    ['NO CERT FOUND\r\n', 'NO CERT FOUND', {}],
    ['NO PRVT_KEY FOUND\r\n', 'NO PRVT_KEY FOUND', {}],
    ['NO CA FOUND\r\n', 'NO CA FOUND', {}],
    ['\r\n+QUITT\r\n', '+QUITT', {}],
  ]);
  // Firmware 1.x prints the sender's address without quotes.
  read('v1', { cipmux: 1, cipdinfo: 1 }, [
    ['\r\n+IPD,0,3,192.168.4.2,80:abc\r\n', '+IPD', { link: 0, length: 3, remote }, 'abc'],
    ['2,CONNECT FAIL\r\n', 'CONNECT FAIL', { link: 2 }],
  ]);
});

test('MQTT and WebSocket', () => {
  read('v4', {}, [
    ['+MQTTCONNECTED:0,7,"broker","8883","/mqtt",1\r\n', '+MQTTCONNECTED', { link: 0, scheme: 'wss', host: 'broker', port: 8883, path: '/mqtt', reconnect: true }],
    ['+MQTTSUBRECV:0,"a,b",4,\r\nOK\r\n', '+MQTTSUBRECV', { link: 0, topic: 'a,b', length: 4 }, '\r\nOK'],
    ['+MQTTSUBRECV:0,"t",0,\r\n', '+MQTTSUBRECV', { link: 0, topic: 't', length: 0 }, ''],
    ['+MQTTDISCONNECTED:0\r\n', '+MQTTDISCONNECTED', { link: 0 }],
    ['+WS_CONNECTED:1\r\n', '+WS_CONNECTED', { link: 1 }],
    ['+WS_DATA:1,3,{,}\r\n', '+WS_DATA', { link: 1, length: 3 }, '{,}'],
    ['+WS_DISCONNECTED:1\r\n', '+WS_DISCONNECTED', { link: 1 }],
    ['+WS_CLOSED:1\r\n', '+WS_CLOSED', { link: 1 }],
  ]);
});

test('BLE: connections and values', () => {
  read('v4', {}, [
    [`+BLECONN:0,"${mac}"\r\n`, '+BLECONN', { connection: 0, address: mac, failed: false }],
    ['+BLECONN:0,-1\r\n', '+BLECONN', { connection: 0, failed: true }],
    [`+BLEDISCONN:0,"${mac}"\r\n`, '+BLEDISCONN', { connection: 0, address: mac }],
    ['+BLECONNPARAM:0,12,12,12,0,500\r\n', '+BLECONNPARAM', { connection: 0, minInterval: 12, maxInterval: 12, interval: 12, latency: 0, timeout: 500 }],
    ['+BLECONNPARAM:0,-1\r\n', '+BLECONNPARAM', { connection: 0, minInterval: -1 }],
    ['+BLECFGMTU:0,300\r\n', '+BLECFGMTU', { connection: 0, mtu: 300 }],
    ['+SRV_CHG:0\r\n', '+SRV_CHG', { connection: 0 }],
    [`+BLESCAN:"${mac}",-71,020106,,0\r\n`, '+BLESCAN', { address: mac, rssi: -71, advert: '020106', response: '', type: 0 }],
    [`+BLESCAN:${mac},-71,020106,0302A0FF,1,0\r\n`, '+BLESCAN', { address: mac, rssi: -71, advert: '020106', response: '0302a0ff', type: 1, kind: 0 }],
    ['+BLESCANDONE\r\n', '+BLESCANDONE', {}],
    [`+READ:0,"${mac}"\r\n`, '+READ', { connection: 0, address: mac }],
    ['+WRITE:0,1,6,1,2,\x01\x00\r\n', '+WRITE', { connection: 0, service: 1, characteristic: 6, descriptor: 1, length: 2 }, '\x01\x00'],
    ['+WRITE:0,1,3,,2,,\n\r\n', '+WRITE', { connection: 0, service: 1, characteristic: 3, length: 2 }, ',\n'],
    ['+NOTIFY:0,3,6,4,\r\n\r\n\r\n', '+NOTIFY', { connection: 0, service: 3, characteristic: 6, length: 4 }, '\r\n\r\n'],
    ['+INDICATE:0,3,7,1,\xff\r\n', '+INDICATE', { connection: 0, service: 3, characteristic: 7, length: 1 }, '\xff'],
  ]);
});

test('BLE: pairing, HID, BluFi; what opens a door shows as stars', () => {
  read('v4', {}, [
    ['+BLESECREQ:0\r\n', '+BLESECREQ', { connection: 0 }],
    ['+BLESECNTFYKEY:0,012345\r\n', '+BLESECNTFYKEY', { connection: 0, key: '******' }],
    ['+BLESECKEYREQ:0\r\n', '+BLESECKEYREQ', { connection: 0 }],
    ['+BLESECNCREQ:0,778899\r\n', '+BLESECNCREQ', { connection: 0, key: '******' }],
    ['+BLESECKEYTYPE:0,16\r\n', '+BLESECKEYTYPE', { connection: 0, type: 16 }],
    ['+BLEAUTHCMPL:0,0\r\n', '+BLEAUTHCMPL', { connection: 0, outcome: 'success' }],
    ['+BLEAUTHCMPL:0,1\r\n', '+BLEAUTHCMPL', { connection: 0, outcome: 'failure' }],
    ['BLE_TT_MODE\r\n', 'BLE_TT_MODE', {}],
    ['+BLE_TT_MODE\r\n', 'BLE_TT_MODE', {}],
    ['+BLEHIDCONN\r\n', '+BLEHIDCONN', {}],
    ['+BLEHIDDISCONN\r\n', '+BLEHIDDISCONN', {}],
    ['+BLUFICONN\r\n', '+BLUFICONN', {}],
    ['+SSID:home\r\n', '+SSID', { ssid: 'home' }],
    ['+PASSWORD:hunter22\r\n', '+PASSWORD', { password: '********' }],
    ['+BLUFIDATA:3,\r\n>\r\n', '+BLUFIDATA', { length: 3 }, '\r\n>'],
    ['+BLUFIDISCONN\r\n', '+BLUFIDISCONN', {}],
  ]);
});

test('classic Bluetooth: every way to say that it came to nothing', () => {
  read('v4', {}, [
    [`+BTSPPCONN:0,"${mac}"\r\n`, '+BTSPPCONN', { connection: 0, address: mac, failed: false }],
    ['+BTSPPCONN:-1\r\n', '+BTSPPCONN', { connection: 0, failed: true }],
    ['+BTSPPCONN:0,-1\r\n', '+BTSPPCONN', { connection: 0, failed: true }],
    [`+BTSPPDISCONN:0,"${mac}"\r\n`, '+BTSPPDISCONN', { connection: 0, address: mac, failed: false }],
    ['+BTSPPDISCONN:-1\r\n', '+BTSPPDISCONN', { connection: 0, failed: true }],
    ['+BTDATA:6,+IPD,4\r\n', '+BTDATA', { length: 6 }, '+IPD,4'],
    [`+BTA2DPCONN:0,"${mac}"\r\n`, '+BTA2DPCONN', { connection: 0, address: mac, failed: false }],
    ['+BTA2DPCONN:0,fail\r\n', '+BTA2DPCONN', { connection: 0, failed: true }],
    ['+BTA2DPCONN:-1\r\n', '+BTA2DPCONN', { connection: 0, failed: true }],
    [`+BTA2DPDISCONN:0,"${mac}"\r\n`, '+BTA2DPDISCONN', { connection: 0, address: mac, failed: false }],
    [`+BTPINREQ:${mac}\r\n`, '+BTPINREQ', { address: mac }],
    [`+BTCFMREQ:"${mac}",123456\r\n`, '+BTCFMREQ', { address: mac, key: '******' }],
    ['+BTKEYNTF:0,654321\r\n', '+BTKEYNTF', { connection: 0, key: '******' }],
    [`+BTKEYREQ:"${mac}"\r\n`, '+BTKEYREQ', { address: mac }],
  ]);
});

test('what only some releases say', () => {
  read('v5', {}, [['+ERRNO:0x76\r\n', '+ERRNO', { code: 0x76 }]]);
  read('nonos', {}, [['busy s...\r\n', 'busy s...', {}]]);
  expect(decodeAnyhow([{ rx: '+TIME_UPDATED\r\n' }], { dialect: 'v2' })).toEqual([{ kind: 'unknown', text: '+TIME_UPDATED' }]);
});

test('every declared event stands in a dialect', () => {
  const listed = new Set(Object.values(dialects).flatMap((dialect) => dialect.events.map(({ name }) => name)));
  expect(Object.values(events).map(({ name }) => name).filter((name) => !listed.has(name))).toEqual([]);
});
