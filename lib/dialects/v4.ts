import { dialect } from './dialect.js';
import * as tcpip from '../commands/tcpip.js';
import { btRows } from './shared/btRows.js';
import { ethernetRows } from './shared/ethernetRows.js';
import { basicV4 } from './v4/basicV4.js';
import { bleV4 } from './v4/bleV4.js';
import { eventsV4 } from './v4/eventsV4.js';
import { httpV4 } from './v4/httpV4.js';
import { mqttV4 } from './v4/mqttV4.js';
import { tcpipV4 } from './v4/tcpipV4.js';
import { wifiV4 } from './v4/wifiV4.js';

/** AT 4.x: document 002 for TCP/IP, and what version 4 keeps of the other groups. */
export const v4 = dialect({
  name: 'v4',
  commands: [...basicV4, ...wifiV4, ...tcpipV4, ...bleV4, ...ethernetRows, ...btRows, ...mqttV4, ...httpV4],
  events: eventsV4,
  capabilities: {
    passiveReceive: { enable: (link) => ({ command: tcpip.receiveType, params: { link, passive: true } }) },
    sendLimit: 8192,
    textEscapes: true,
    receiveWindow: 5760,
    socketOptions: true,
    bulkSend: true,
    transparentServer: true,
    ipv6: true,
    bleConnections: 3,
    mqtt: { topicLimit: 128, payloadLimit: 0x7fffffff, longCredentials: true },
    sysmsg: 3,
  },
});
