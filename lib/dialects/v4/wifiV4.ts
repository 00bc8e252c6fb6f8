import type { Command } from '../../command/index.js';
import * as wifi from '../../commands/wifi.js';
import { without } from '../limited.js';
import { wifiRows } from '../shared/wifiRows.js';

/** `v4`: what version 4 keeps of document 000 chapter 3. */
export const wifiV4: readonly Command[] = [
  without(wifi.join, 'reconnect'),
  wifi.rejoin,
  wifi.reconnecting,
  wifi.reconnectingQuery,
  wifi.stationState,
  wifi.scanOptions,
  wifi.softAp,
  wifi.dhcp,
  wifi.smartConfigOf,
  wifi.wps,
  wifi.mdns,
  ...wifiRows,
];
