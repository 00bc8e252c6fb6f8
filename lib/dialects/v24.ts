import * as tcpip from '../commands/tcpip.js';
import * as wifi from '../commands/wifi.js';
import { int, optional } from '../codec/index.js';
import { blanked } from './blanked.js';
import { derive } from './dialect.js';
import { limited } from './limited.js';
import { v4 } from './v4.js';
import { requestsV4 } from './v4/httpV4.js';

/** AT 2.2 to 2.4: as 4.x, before what 3.x added (AT+CIPRECVTYPE 3.3, AT+CIPFWVER 3.0, AT+HTTPCHEAD 3.2, AT+BLUFISEND 3.0, +TIME_UPDATED 3.0). */
export const v24 = derive(v4, {
  name: 'v2.4',
  drop: ['AT+CIPRECVTYPE', 'AT+CIPSSLCPSKHEX', 'AT+CIPFWVER', 'AT+CIPRECONNINTV query', 'AT+SYSROLLBACK query', 'AT+HTTPCHEAD', 'AT+HTTPCPUT', 'AT+BLUFISEND'],
  replace: [limited(wifi.softAp, { maxStations: optional(int(1, 10)) }), ...requestsV4.map(blanked)],
  dropEvents: [
    '+TIME_UPDATED',
    '+BLESCANDONE',
    'BLE_TT_MODE',
    '+BLUFICONN',
    '+BLUFIDISCONN',
    '+BLUFIDATA',
    '+SSID',
    '+PASSWORD',
    '+WS_CONNECTED',
    '+WS_DISCONNECTED',
    '+WS_CLOSED',
    '+WS_DATA',
  ],
  capabilities: { passiveReceive: { enable: () => ({ command: tcpip.receiveMode, params: { passive: true } }) } },
});
