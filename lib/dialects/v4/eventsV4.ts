import type { EventDeclaration } from '../../command/index.js';
import * as events from '../../events/events.js';
import { eventRows } from '../shared/eventRows.js';

/** `v4`: what firmware 4.x says by themselves. */
export const eventsV4: readonly EventDeclaration[] = [
  ...eventRows,
  events.timeUpdated,
  events.stationGotIpv6Local,
  events.stationGotIpv6Global,
  events.smartConfigData,
  events.sendProgress,
  events.webSocketConnected,
  events.webSocketDisconnected,
  events.webSocketClosed,
  events.webSocketData,
  events.bleScanDone,
  events.blePassthrough,
  events.blePassthroughDocumented,
  events.blufiConnected,
  events.blufiDisconnected,
  events.blufiSsid,
  events.blufiPassword,
  events.blufiData,
];
