import * as basic from './basic.js';
import * as ble from './ble.js';
import * as bt from './bt.js';
import * as ethernet from './ethernet.js';
import * as http from './http.js';
import * as mqtt from './mqtt.js';
import * as tcpip from './tcpip.js';
import * as wifi from './wifi.js';

/** Every declared command, by group: the typed keys of `module.exec`. */
export const commands = { basic, wifi, tcpip, ble, ethernet, bt, mqtt, http } as const;
