import { keyword } from '../codec/index.js';
import * as events from '../events/events.js';
import * as tcpip from '../commands/tcpip.js';
import * as wifi from '../commands/wifi.js';
import { derive } from './dialect.js';
import { limited, without } from './limited.js';
import { pingNonos } from './nonos/pingNonos.js';
import { v2 } from './v2.js';

/** ESP32 AT 1.0 to 1.2: the core of 1.1.3 has neither passive receive nor MQTT, HTTP, classic Bluetooth or AT+SYSSTORE. */
export const v1 = derive(v2, {
  name: 'v1',
  drop: [
    'AT+SYSSTORE',
    'AT+SYSTIMESTAMP',
    'AT+SLEEPWKCFG',
    'AT+CWJEAP',
    'AT+CWCOUNTRY query',
    'AT+CIPRECVMODE',
    'AT+CIPRECVDATA',
    'AT+CIPRECVLEN',
    'AT+CIPTCPOPT',
    'AT+CIPSSLCCN',
    'AT+CIPSSLCSNI',
    'AT+CIPSSLCALPN',
    'AT+CIPSSLCPSK',
    'AT+CIUPDATE set',
    'AT+BLEADVDATA query',
    'AT+BLEADVDATAEX query',
    'AT+BLEHIDINIT',
    'AT+BLEHIDKB',
    'AT+BLEHIDMUS',
    'AT+BLEHIDCONSUMER',
    'AT+BLUFI',
    'AT+BLUFINAME',
    'AT+HTTPCLIENT',
    'AT+HTTPGETSIZE',
    'AT+MQTT*',
    'AT+BT*',
  ],
  replace: [
    without(wifi.join, 'pci', 'reconnect', 'interval', 'listenInterval', 'scanMode', 'timeout', 'pmf'),
    limited(without(tcpip.connect, 'localAddress'), { type: keyword('TCP', 'SSL') }),
    pingNonos,
  ],
  addEvents: [events.connectFailed],
  dropEvents: [
    '+STA_CONNECTED',
    '+STA_DISCONNECTED',
    '+DIST_STA_IP',
    '+BLEHIDCONN',
    '+BLEHIDDISCONN',
    '+MQTTCONNECTED',
    '+MQTTDISCONNECTED',
    '+MQTTSUBRECV',
    '+BTSPPCONN',
    '+BTSPPDISCONN',
    '+BTDATA',
    '+BTA2DPCONN',
    '+BTA2DPDISCONN',
    '+BTPINREQ',
    '+BTCFMREQ',
    '+BTKEYNTF',
    '+BTKEYREQ',
  ],
  // Its AT+CIPRECVMODE does not exist: asking for passive receive is `unsupported` before a byte is sent.
  capabilities: { socketOptions: false },
});
