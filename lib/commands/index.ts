import * as basic from './basic.js';
import * as tcpip from './tcpip.js';
import * as wifi from './wifi.js';

/** Every declared command, by group: the typed keys of `module.exec`. */
export const commands = { basic, wifi, tcpip } as const;
