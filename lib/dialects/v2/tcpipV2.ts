import { int, ipv4, keyword, optional } from '../../codec/index.js';
import type { Command } from '../../command/index.js';
import * as tcpip from '../../commands/tcpip.js';
import { limited, without } from '../limited.js';
import { tcpipRows } from '../shared/tcpipRows.js';

/** `v2`: document 000 chapter 4. */
export const tcpipV2: readonly Command[] = [
  limited(tcpip.connect, { type: keyword('TCP', 'SSL'), localAddress: optional(ipv4) }),
  limited(tcpip.connectUdp, { type: keyword('UDP'), localAddress: optional(ipv4) }),
  limited(tcpip.connectAny, { type: keyword('TCP', 'SSL'), localAddress: optional(ipv4) }),
  limited(tcpip.connectAnyUdp, { type: keyword('UDP'), localAddress: optional(ipv4) }),
  limited(tcpip.send, { length: int(1, 2048) }),
  limited(tcpip.sendText, { length: int(1, 2048) }),
  limited(tcpip.savedLink, { type: optional(keyword('TCP')) }),
  limited(tcpip.savedLinkUdp, { type: keyword('UDP') }),
  limited(tcpip.serverStart, { type: optional(keyword('TCP', 'SSL')) }),
  without(tcpip.serverStop, 'closeClients'),
  without(tcpip.resolve, 'network'),
  limited(tcpip.dns, { first: optional(ipv4), second: optional(ipv4), third: optional(ipv4) }),
  without(tcpip.socketOptions, 'keepAlive'),
  limited(tcpip.sntp, { timezone: optional(int(-11, 13)) }),
  tcpip.sntpClear,
  without(tcpip.updateTo, 'firmware', 'nonblocking'),
  ...tcpipRows,
];
