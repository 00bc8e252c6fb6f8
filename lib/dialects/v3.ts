import * as tcpip from '../commands/tcpip.js';
import * as wifi from '../commands/wifi.js';
import { int, optional } from '../codec/index.js';
import { derive } from './dialect.js';
import { limited } from './limited.js';
import { v4 } from './v4.js';

/** AT 3.x. AT+CIPRECVTYPE came with 3.3, so passive receive is switched by AT+CIPRECVMODE, which every 3.x takes. */
export const v3 = derive(v4, {
  name: 'v3',
  replace: [limited(wifi.softAp, { maxStations: optional(int(1, 10)) })],
  capabilities: { passiveReceive: { enable: () => ({ command: tcpip.receiveMode, params: { passive: true } }) } },
});
