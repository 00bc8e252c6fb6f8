import { endpoint } from '../codec/endpoint.js';
import { address, arranged, bareText, concealed, enumeration, fields, int, ipv4, keyword, line, mac, optional, uint } from '../codec/index.js';
import { event } from '../command/index.js';

const link = fields({ link: optional(int(0, 4)) });
const messages = 'document 000 §4; PROTOCOL section 2';

/** The module has booted: echo on, no links, every setting that is not stored at its default. */
export const ready = event({ line: line('ready', fields({})), doc: 'The module has booted.', source: 'document 000 §2.2' });
/** AT+RST came while a command ran; the module restarts without finishing it. */
export const forcedRestart = event({ line: line('Will force to restart!!!', fields({})), doc: 'The module restarts in the middle of a command.', source: 'FORMATS at_port' });
/** A line was dropped because a command was running, or surplus bytes were. */
export const busy = event({ line: line('busy p...', fields({})), doc: 'Bytes were dropped because a command was running.', source: 'PROTOCOL section 1.2' });

export const stationConnected = event({ line: line('WIFI CONNECTED', fields({})), doc: 'The station is associated.', source: 'document 000 §3.2' });
export const stationGotIp = event({ line: line('WIFI GOT IP', fields({})), doc: 'The station has an IPv4 address.', source: 'document 000 §3.2' });
export const stationDisconnected = event({ line: line('WIFI DISCONNECT', fields({})), doc: 'The station has lost its access point.', source: 'document 000 §3.2' });
export const stationGotIpv6Local = event({ line: line('WIFI GOT IPv6 LL', fields({})), doc: 'The station has a link-local IPv6 address.', source: 'document 002 AT+CIPV6' });
export const stationGotIpv6Global = event({ line: line('WIFI GOT IPv6 GL', fields({})), doc: 'The station has a global IPv6 address.', source: 'document 002 AT+CIPV6' });

/** `link` only with AT+CIPMUX=1; instead of it +LINK_CONN comes while bit 1 of AT+SYSMSG is set. */
export const connected = event({ line: line('CONNECT', fields({}), { lead: link }), doc: 'A link is open.', source: messages });
/** `link` only with AT+CIPMUX=1. In passive receive mode it is withheld until an announced buffer is read. */
export const closed = event({ line: line('CLOSED', fields({}), { lead: link }), doc: 'A link is closed.', source: messages });
/** Documents write blanks and no quotes; the wire has neither blanks nor bare strings. */
export const linkConnected = event({
  line: line(
    '+LINK_CONN:',
    fields({
      status: uint,
      link: int(0, 4),
      type: keyword('TCP', 'UDP', 'SSL', 'TCPv6', 'UDPv6', 'SSLv6'),
      role: enumeration({ client: 0, server: 1 }),
      remoteAddress: address,
      remotePort: uint,
      localPort: uint,
    }),
  ),
  doc: 'A link is open, with both ends of it.',
  source: 'document 000 §2.11; FORMATS LINK_CONN',
});

const received = fields({ link: optional(int(0, 4)), length: uint, address: optional(address), port: optional(uint) });
const layouts = [
  { fields: 1, length: 0 },
  { fields: 2, length: 1 },
  { fields: 3, length: 0 },
  { fields: 4, length: 1 },
];

/** Data of a link: with its payload in active receive, as the announced count in passive receive. */
export const data = event({
  name: '+IPD',
  line: arranged(line('+IPD,', received, { counted: 'length', end: ':', anyLayout: layouts }), ({ link: id, length, address: from, port }) => ({
    link: id,
    length,
    ...endpoint(from, port),
  })),
  doc: 'Data has come on a link.',
  source: 'document 000 §4.19, §4.22; document 002 +IPD',
});

/** Passthrough was left (bit 0 of AT+SYSMSG). */
export const quit = event({ line: line('+QUITT', fields({})), doc: 'Passthrough was left.', source: 'document 000 §2.11' });

export const stationJoined = event({ line: line('+STA_CONNECTED:', fields({ mac })), doc: 'A station joined the softAP.', source: 'document 000 §3.6' });
export const stationAddressed = event({ line: line('+DIST_STA_IP:', fields({ mac, address: ipv4 })), doc: 'The softAP gave a station its address.', source: 'document 000 §3.6' });
export const stationLeft = event({ line: line('+STA_DISCONNECTED:', fields({ mac })), doc: 'A station left the softAP.', source: 'document 000 §3.6' });

export const timeUpdated = event({ line: line('+TIME_UPDATED', fields({})), doc: 'SNTP has set the clock.', source: 'document 002 AT+CIPSNTPCFG' });

export const smartConfigType = event({ line: line('smartconfig type:', fields({ type: bareText })), doc: 'SmartConfig found a phone.', source: 'document 000 §3.16' });
export const smartConfigInfo = event({ line: line('Smart get wifi info', fields({})), doc: 'SmartConfig got the access point.', source: 'document 000 §3.16' });
export const smartConfigSsid = event({ line: line('ssid:', fields({ ssid: bareText })), doc: 'The SSID SmartConfig got.', source: 'document 000 §3.16' });
export const smartConfigPassword = event({ line: line('password:', fields({ password: concealed(bareText) })), doc: 'The password SmartConfig got.', source: 'document 000 §3.16' });
export const smartConfigDone = event({ line: line('smartconfig connected wifi', fields({})), doc: 'The station joined with what SmartConfig got.', source: 'document 000 §3.16' });
