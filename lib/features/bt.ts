import { a2dp } from '../bt/a2dp.js';
import { discover } from '../bt/discover.js';
import { deviceClass, name, radio, visibility } from '../bt/radio.js';
import { security } from '../bt/security.js';
import { sppConnect } from '../bt/sppConnect.js';
import { sppListen } from '../bt/sppListen.js';

/** Classic Bluetooth: who is there, a serial line over the radio (SPP), audio (A2DP), and how the module pairs. Not in default builds of upstream since 2.2. */
export const bt = { radio, discover, name, visibility, deviceClass, spp: { connect: sppConnect, listen: sppListen }, a2dp, security };
