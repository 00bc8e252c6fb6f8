import { fields } from '../codec/index.js';
import { flag, int, keyword, optional, secret, text, mac, enumeration } from '../codec/index.js';
import * as basic from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import * as wifi from '../commands/wifi.js';
import { variant } from '../command/index.js';
import { derive } from './dialect.js';
import { v4 } from './v4.js';

/** AT 2.0 and 2.1: document 000, whatever its title says (PROTOCOL section 0). */
export const v2 = derive(v4, {
  name: 'v2',
  drop: ['AT+CIPSTATE', 'AT+CIPSENDL', 'AT+CIPRECVTYPE', 'AT+CWSTATE', 'AT+CWJAP execute'],
  replace: [
    variant(basic.systemMessages, { params: fields({ mask: int(0, 3) }) }),
    variant(wifi.join, {
      params: fields({
        ssid: text({ max: 32 }),
        password: secret(text({ max: 64 })),
        bssid: optional(mac),
        pci: optional(flag),
        // Before 2.2 a switch, not an interval: 0 never, 1 joins again by itself.
        interval: optional(int(0, 1)),
        listenInterval: optional(int(1, 100)),
        scanMode: optional(enumeration({ fast: 0, all: 1 })),
      }),
    }),
    variant(wifi.scanOptions, { params: fields({ sorted: flag, mask: optional(int(0, 31)) }) }),
    variant(tcpip.connect, {
      params: fields({
        link: tcpip.connect.params.spec['link'] ?? tcpip.linkField,
        type: keyword('TCP', 'SSL'),
        host: text({ min: 1, max: 64 }),
        port: int(0, 65535),
        keepAlive: optional(int(0, 7200)),
        localAddress: optional(text({ max: 15 })),
      }),
    }),
    variant(tcpip.send, { params: fields({ ...tcpip.send.params.spec, length: int(1, 2048) }) }),
    variant(tcpip.resolve, { params: fields({ host: text({ min: 1, max: 253 }) }) }),
    variant(tcpip.socketOptions, {
      params: fields(Object.fromEntries(Object.entries(tcpip.socketOptions.params.spec).filter(([name]) => name !== 'keepAlive'))),
    }),
  ],
  capabilities: {
    // One switch for every link; it may only be set before a connection on 2.x.
    passiveReceive: { enable: () => ({ command: tcpip.receiveMode, params: { passive: true } }) },
    sendLimit: 2048,
    receiveWindow: 5744,
    sysmsg: 3,
  },
});
