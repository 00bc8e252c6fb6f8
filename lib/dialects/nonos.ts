import { enumeration, fields, int, keyword, line, optional, uint } from '../codec/index.js';
import { counted, variant, type Command } from '../command/index.js';
import * as tcpip from '../commands/tcpip.js';
import * as wifi from '../commands/wifi.js';
import * as events from '../events/events.js';
import { derive } from './dialect.js';
import { limited, without } from './limited.js';
import { dhcp, dhcpQuery, dns, dnsQuery } from './nonos/addressesNonos.js';
import { failing } from './nonos/failing.js';
import { pingNonos } from './nonos/pingNonos.js';
import { suffixed } from './suffixed.js';
import { v2 } from './v2.js';

const modes = enumeration({ station: 1, softAp: 2, both: 3 });
const mode = limited(without(wifi.mode, 'connect'), { mode: modes });
const join = failing(without(wifi.join, 'pci', 'reconnect', 'interval', 'listenInterval', 'scanMode', 'timeout', 'pmf'));

/** Commands that NONOS has with `_CUR` (not stored) and `_DEF` (stored) too; without a suffix they store. */
const twofold: readonly Command[] = [
  mode,
  wifi.modeQuery,
  join,
  wifi.joinQuery,
  limited(wifi.softAp, { maxStations: optional(int(1, 8)) }),
  wifi.softApQuery,
  dhcp,
  dhcpQuery,
  wifi.dhcpServer,
  wifi.dhcpServerReset,
  wifi.dhcpServerQuery,
  wifi.stationMac,
  wifi.stationMacQuery,
  wifi.softApMac,
  wifi.softApMacQuery,
  wifi.stationAddress,
  wifi.stationAddressQuery,
  wifi.softApAddress,
  wifi.softApAddressQuery,
  dns,
  dnsQuery,
];

/** The head of 1.7: a comma before the length, a colon behind it, never a sender. */
export const receivedByNonos = line('+CIPRECVDATA,', fields({ length: uint }), { counted: 'length', end: ':', proof: true });

/** ESP8266 AT up to 1.7 on the NONOS SDK. It echoes a CR too many and puts a blank behind its prompt, which the framer drops. */
export const nonos = derive(v2, {
  name: 'nonos',
  drop: [
    'AT+SYSSTORE',
    'AT+SYSTIMESTAMP',
    'AT+SYSROLLBACK',
    'AT+SYSFLASH',
    'AT+SYSLOG',
    'AT+SYSMSG',
    'AT+FS',
    'AT+SLEEPWKCFG',
    'AT+CWJEAP',
    'AT+CWCOUNTRY',
    'AT+CIPTCPOPT',
    'AT+CIPSSLCCN',
    'AT+CIPSSLCSNI',
    'AT+CIPSSLCALPN',
    'AT+CIPSSLCPSK',
    'AT+CIPSERVER query',
    'AT+CIPDINFO query',
    'AT+CIUPDATE set',
    'AT+CIPETH',
    'AT+CIPETHMAC',
    'AT+HTTPCLIENT',
    'AT+HTTPGETSIZE',
    'AT+MQTT*',
    'AT+BLE*',
    'AT+BLUFI*',
    'AT+BT*',
  ],
  replace: [
    mode,
    join,
    wifi.scanOptions,
    dhcp,
    dhcpQuery,
    dns,
    dnsQuery,
    limited(wifi.softAp, { maxStations: optional(int(1, 8)) }),
    limited(without(tcpip.connect, 'localAddress'), { type: keyword('TCP', 'SSL') }),
    limited(without(tcpip.connectUdp, 'localAddress'), { type: keyword('UDP') }),
    variant(tcpip.receive, { response: counted(receivedByNonos) }),
    pingNonos,
  ],
  add: [...twofold.map((declared) => suffixed(declared, 'CUR')), ...twofold.map((declared) => suffixed(declared, 'DEF'))],
  addEvents: [events.busySending],
  dropEvents: v2.events.map(({ name }) => name).filter((name) => /^\+(?:ETH|MQTT|BLE|BT|NOTIFY|INDICATE|READ|WRITE|SRV|LINK)/.test(name)),
  // AT+CIPRECVMODE of 1.7 is for TCP alone.
  capabilities: { socketOptions: false, bleConnections: 0, passiveReceive: { ...v2.capabilities.passiveReceive, tcpOnly: true } },
});
