import { declaredIn } from '../commands/declared.js';
import * as basic from '../commands/basic.js';
import * as tcpip from '../commands/tcpip.js';
import * as wifi from '../commands/wifi.js';
import * as events from '../events/events.js';
import { dialect } from './dialect.js';

/** AT 4.x: document 002 for TCP/IP, and what version 4 keeps of the other groups. */
export const v4 = dialect({
  name: 'v4',
  commands: [...declaredIn(basic), ...declaredIn(wifi), ...declaredIn(tcpip)],
  events: Object.values(events),
  capabilities: {
    passiveReceive: { enable: (link) => ({ command: tcpip.receiveType, params: { link, passive: true } }) },
    sendLimit: 8192,
    receiveWindow: 5760,
    socketOptions: true,
    sysmsg: 3,
  },
});
