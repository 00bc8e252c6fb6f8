import { enumeration, int, optional } from '../../codec/index.js';
import type { Command } from '../../command/index.js';
import * as wifi from '../../commands/wifi.js';
import { limited, without } from '../limited.js';
import { wifiRows } from '../shared/wifiRows.js';

/** `v2`: document 000 chapter 3. */
export const wifiV2: readonly Command[] = [
  wifi.modeRange,
  without(wifi.join, 'interval', 'timeout', 'pmf'),
  limited(wifi.scanOptions, { mask: optional(int(0, 31)) }),
  limited(wifi.softAp, { maxStations: optional(int(1, 10)) }),
  limited(wifi.dhcp, { interfaces: int(0, 3) }),
  limited(without(wifi.smartConfigOf, 'weakest', 'key'), { type: enumeration({ 'esp-touch': 1, airkiss: 2, 'esp-touch and airkiss': 3 }) }),
  without(wifi.wps, 'weakest'),
  without(wifi.mdns, 'instance', 'protocol', 'txt'),
  ...wifiRows,
];
