import { arranged, concealed, countedPairs, constant, enumeration, fields, flag, int, line, optional, secret, text } from '../../codec/index.js';
import { command, maybe, query, setting } from '../../command/index.js';

const smartEvents = ['smartconfig type', 'Smart get wifi info', 'smartconfig connected wifi', '+SCRD'] as const;

/** Document 000 §3.16. ESP-TOUCH and AirKiss. Nothing else may be sent until AT+CWSTOPSMART, success or not. */
export const smartConfig = command({
  name: 'AT+CWSTARTSMART',
  form: 'execute',
  events: smartEvents,
  doc: 'Starts SmartConfig.',
  source: 'document 000 §3.16',
});

/** Document 000 §3.16. Since 2.4 also ESP-TOUCH v2, the weakest accepted encryption, and the v2 key of 16 bytes. */
export const smartConfigOf = command({
  name: 'AT+CWSTARTSMART',
  form: 'set',
  params: fields({
    type: enumeration({ 'esp-touch': 1, airkiss: 2, 'esp-touch and airkiss': 3, 'esp-touch v2': 4 }),
    weakest: optional(enumeration({ open: 0, wep: 1, wpa: 2, wpa2: 3, 'wpa/wpa2': 4 })),
    key: optional(secret(text({ min: 16, max: 16 }))),
  }),
  events: smartEvents,
  doc: 'Starts SmartConfig of one kind.',
  source: 'document 000 §3.16',
});

/** Document 000 §3.17. Needed after SmartConfig whether it succeeded or not. */
export const smartConfigStop = command({ name: 'AT+CWSTOPSMART', form: 'execute', repeatable: true, doc: 'Stops SmartConfig.', source: 'document 000 §3.17' });

/** Document 000 §3.18. Push button; needs the station. `weakest` since 2.4. */
export const wps = setting('AT+WPS', fields({ enable: flag, weakest: optional(enumeration({ open: 0, wep: 1, wpa: 2, wpa2: 3, 'wpa/wpa2': 4 })) }), {
  events: ['WIFI CONNECTED', 'WIFI GOT IP'],
  doc: 'Starts or stops WPS.',
  source: 'document 000 §3.18',
});

/** Document 000 §3.19; document 002 AT+MDNS. `instance`, `protocol` (`_tcp`, `_udp`) and up to 10 TXT records in document 002 only. */
export const mdns = setting(
  'AT+MDNS',
  fields({
    enable: constant('1'),
    hostname: text({ min: 1, max: 63 }),
    service: text({ min: 1, max: 63 }),
    port: int(1, 65535),
    instance: optional(text({ max: 63 })),
    protocol: optional(text({ max: 16 })),
    txt: optional(countedPairs(10)),
  }),
  { doc: 'Announces a service by mDNS.', source: 'document 000 §3.19; document 002 AT+MDNS' },
);

/** Document 000 §3.19; document 002 AT+MDNS. */
export const mdnsStop = setting('AT+MDNS', fields({ enable: constant('0') }), {
  kind: 'stop',
  doc: 'Stops mDNS.',
  source: 'document 000 §3.19; document 002 AT+MDNS',
});

const enterpriseFields = {
  ssid: text({ max: 32 }),
  method: enumeration({ tls: 0, peap: 1, ttls: 2 }),
};
const eapTimeout = arranged(line('+CWJEAP:Timeout', fields({})), () => ({ reason: 'timeout' }));

/** Document 000 §3.20. `security`: bit 0 client certificate, bit 1 server certificate. Errors 0x010a80xx by name; a timeout by `details.reason`. */
export const joinEnterprise = command({
  name: 'AT+CWJEAP',
  form: 'set',
  params: fields({
    ...enterpriseFields,
    identity: text({ max: 32 }),
    username: optional(text({ max: 32 })),
    password: optional(secret(text({ max: 32 }))),
    security: int(0, 3),
  }),
  reasons: [eapTimeout],
  timeout: 30_000,
  esp32Only: true,
  events: ['WIFI CONNECTED', 'WIFI GOT IP'],
  doc: 'Joins an access point of WPA2 enterprise.',
  source: 'document 000 §3.20',
});

/** Document 000 §3.20. `undefined` where nothing is set; the password is a `Secret`. */
export const joinEnterpriseQuery = query(
  'AT+CWJEAP',
  maybe(
    line(
      '+CWJEAP:',
      fields({ ...enterpriseFields, identity: text(), username: text(), password: concealed(text()), security: int(0, 3) }),
    ),
  ),
  { esp32Only: true, doc: 'The access point of WPA2 enterprise.', source: 'document 000 §3.20' },
);
