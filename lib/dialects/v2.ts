import { dialect } from './dialect.js';
import * as tcpip from '../commands/tcpip.js';
import { btRows } from './shared/btRows.js';
import { ethernetRows } from './shared/ethernetRows.js';
import { eventRows } from './shared/eventRows.js';
import { basicV2 } from './v2/basicV2.js';
import { bleV2 } from './v2/bleV2.js';
import { httpV2 } from './v2/httpV2.js';
import { mqttV2 } from './v2/mqttV2.js';
import { tcpipV2 } from './v2/tcpipV2.js';
import { wifiV2 } from './v2/wifiV2.js';

/** AT 2.0 and 2.1: document 000, whatever its title says (PROTOCOL section 0). */
export const v2 = dialect({
  name: 'v2',
  commands: [...basicV2, ...wifiV2, ...tcpipV2, ...bleV2, ...ethernetRows, ...btRows, ...mqttV2, ...httpV2],
  events: eventRows,
  capabilities: {
    // One switch for every link; it may only be set before a connection on 2.x.
    passiveReceive: { enable: () => ({ command: tcpip.receiveMode, params: { passive: true } }) },
    sendLimit: 2048,
    textEscapes: false,
    receiveWindow: 5744,
    // 2.1 has AT+CIPTCPOPT, 2.0 refuses it as unknown.
    socketOptions: true,
    bulkSend: false,
    transparentServer: false,
    ipv6: false,
    bleConnections: 1,
    mqtt: { topicLimit: 64, payloadLimit: 1024, longCredentials: false },
    sysmsg: 3,
  },
});
