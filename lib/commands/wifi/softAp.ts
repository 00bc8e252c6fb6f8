import { anyInt, concealed, constant, enumeration, fields, flag, int, ipv4, line, mac, optional, secret, text } from '../../codec/index.js';
import { action, command, many, one, query, setting } from '../../command/index.js';

const encryptions = enumeration({ open: 0, wpa: 2, wpa2: 3, 'wpa/wpa2': 4 });

/** Document 000 §3.6. Needs the softAP. `password` 8 to 64 bytes, empty for `open`; `maxStations` 1 to 10 (15 from 4.1). */
export const softAp = setting(
  'AT+CWSAP',
  fields({
    ssid: text({ min: 1, max: 32 }),
    password: secret(text({ max: 64 })),
    channel: int(1, 14),
    encryption: encryptions,
    maxStations: optional(int(1, 15)),
    hidden: optional(flag),
  }),
  { timeout: 5000, doc: 'Configures the softAP.', source: 'document 000 §3.6' },
);

/** Document 000 §3.6. The password is a `Secret`. ERROR without softAP. */
export const softApQuery = query(
  'AT+CWSAP',
  one(
    line(
      '+CWSAP:',
      fields({ ssid: text(), password: concealed(text()), channel: anyInt, encryption: encryptions, maxStations: anyInt, hidden: flag }),
    ),
  ),
  { doc: 'Configuration of the softAP.', source: 'document 000 §3.6' },
);

/** Document 000 §3.7, which omits the prefix of the wire. Emits the stations at the softAP. */
export const stations = command({
  name: 'AT+CWLIF',
  form: 'execute',
  response: many(line('+CWLIF:', fields({ address: ipv4, mac }))),
  repeatable: true,
  doc: 'Lists the stations at the softAP.',
  source: 'document 000 §3.7',
});

const leaving = { doc: 'Disconnects stations from the softAP.', source: 'document 000 §3.8', events: ['+STA_DISCONNECTED'] } as const;

/** Document 000 §3.8. */
export const disconnectStations = command({ name: 'AT+CWQIF', form: 'execute', repeatable: true, ...leaving });

/** Document 000 §3.8, one station. */
export const disconnectStation = action('AT+CWQIF', fields({ mac }), leaving);

/** Document 000 §3.9. `interfaces`: bit 0 station, bit 1 softAP, bit 2 Ethernet. A static address switches DHCP off, and the other way round. */
export const dhcp = setting('AT+CWDHCP', fields({ enable: flag, interfaces: int(0, 7) }), { doc: 'Switches DHCP.', source: 'document 000 §3.9' });

/** Document 000 §3.9, which shows a bare number. Emits the bits of `dhcp`. */
export const dhcpQuery = query('AT+CWDHCP', one(line('+CWDHCP:', fields({ interfaces: anyInt }))), {
  doc: 'On which interfaces DHCP is on.',
  source: 'document 000 §3.9',
});

/** Document 000 §3.10. `lease` in minutes, 1 to 2880; both addresses in the network of the softAP. */
export const dhcpServer = setting('AT+CWDHCPS', fields({ enable: constant('1'), lease: int(1, 2880), start: ipv4, end: ipv4 }), {
  doc: 'Sets the addresses that the softAP gives.',
  source: 'document 000 §3.10',
});

/** Document 000 §3.10. Back to the default range. */
export const dhcpServerReset = setting('AT+CWDHCPS', fields({ enable: constant('0') }), {
  kind: 'reset',
  doc: 'Resets the addresses that the softAP gives.',
  source: 'document 000 §3.10',
});

/** Document 000 §3.10, which writes `=` for the colon of the wire. */
export const dhcpServerQuery = query('AT+CWDHCPS', one(line('+CWDHCPS:', fields({ lease: anyInt, start: ipv4, end: ipv4 }))), {
  doc: 'The addresses that the softAP gives.',
  source: 'document 000 §3.10',
});
