import { anyInt, constant, fields, flag, int, keyword, line, optional } from '../../codec/index.js';
import { command, one, query, raw, setting } from '../../command/index.js';
import { host, port } from './linkFields.js';

/** Document 000 §4.5, execute form: passthrough. Needs AT+CIPMODE=1. Everything after the prompt is data, both ways: emits a `RawLine`, completes when that was left. */
export const passthrough = command({
  name: 'AT+CIPSEND',
  form: 'execute',
  phase: 'passthrough',
  response: raw,
  result: 'stream',
  events: ['+QUITT'],
  doc: 'Enters passthrough: everything after the prompt is data.',
  source: 'document 000 §4.5; document 002 AT+CIPSEND',
});

/** Document 000 §4.5, §8.8; document 002. Three bytes alone: 20 ms of silence before and after, 1 s before the next command. */
export const escape = command({
  name: '+++',
  form: 'escape',
  repeatable: true,
  events: ['+QUITT'],
  doc: 'Leaves passthrough, BLE SPP and BT SPP; ends AT+CIPSENDL.',
  source: 'document 000 §4.5; document 002 +++',
});

/** Document 000 §4.12. Only with a single TCP link or UDP with a fixed peer (document 002: TLS too), and on 2.0 only in AT+CIPMUX=0. Not stored. */
export const transferMode = setting('AT+CIPMODE', fields({ passthrough: flag }), {
  effect: (params) => ({ cipmode: params.passthrough }),
  doc: 'Normal or passthrough transfer.',
  source: 'document 000 §4.12; document 002 AT+CIPMODE',
});

/** Document 000 §4.12. */
export const transferModeQuery = query('AT+CIPMODE', one(line('+CIPMODE:', fields({ passthrough: flag }))), {
  doc: 'Normal or passthrough transfer.',
  source: 'document 000 §4.12; document 002 AT+CIPMODE',
});

const saved = { source: 'document 000 §4.13; document 002 AT+SAVETRANSLINK' } as const;
const remotePort = int(1, 65535);

/** Document 000 §4.13.1. Always stored: the next start enters passthrough at once, its prompt before `ready`. `keepAlive` in s. */
export const savedLink = setting(
  'AT+SAVETRANSLINK',
  fields({ enable: constant('1'), host, port: remotePort, type: optional(keyword('TCP', 'SSL', 'TCPv6', 'SSLv6')), keepAlive: optional(int(0, 7200)) }),
  { ...saved, doc: 'Starts into passthrough over TCP or TLS.' },
);

/** Document 000 §4.13.2. */
export const savedLinkUdp = setting(
  'AT+SAVETRANSLINK',
  fields({ enable: constant('1'), host, port: remotePort, type: keyword('UDP', 'UDPv6'), localPort: optional(port) }),
  { ...saved, kind: 'udp', doc: 'Starts into passthrough over UDP.' },
);

/** Document 000 §4.13. */
export const savedLinkOff = setting('AT+SAVETRANSLINK', fields({ enable: constant('0') }), { ...saved, kind: 'off', doc: 'Starts normally again.' });

/** Document 000 §4.21. `interval` between attempts to restore a passthrough link, in units of 100 ms, 1 to 36000. */
export const reconnectInterval = setting('AT+CIPRECONNINTV', fields({ interval: int(1, 36000) }), {
  doc: 'Interval between attempts to restore a passthrough link.',
  source: 'document 000 §4.21; document 002 AT+CIPRECONNINTV',
});

/** Document 002; answered from 3.0 on. */
export const reconnectIntervalQuery = query('AT+CIPRECONNINTV', one(line('+CIPRECONNINTV:', fields({ interval: anyInt }))), {
  doc: 'Interval between attempts to restore a passthrough link.',
  source: 'document 000 §4.21; document 002 AT+CIPRECONNINTV',
});

const interval = { doc: 'Longest wait of passthrough for more bytes before it sends.', source: 'document 002 AT+CIPSEND' } as const;

/** Document 002 AT+CIPSEND names it; from 2.2 on. `interval` in ms, 0 to 1000; 0 sends at once. Not stored. */
export const sendInterval = setting('AT+TRANSINTVL', fields({ interval: int(0, 1000) }), interval);

/** Document 002. */
export const sendIntervalQuery = query('AT+TRANSINTVL', one(line('+TRANSINTVL:', fields({ interval: anyInt }))), interval);
