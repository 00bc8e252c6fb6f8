import { anyInt, enumeration, fields, flag, int, line, mac, optional, scanBit, text, whenOptional } from '../../codec/index.js';
import { command, many, setting } from '../../command/index.js';

/** How an access point encrypts; numbers that the documents do not name are read as they are. */
export const encryption = enumeration({
  open: 0,
  wep: 1,
  wpa: 2,
  wpa2: 3,
  'wpa/wpa2': 4,
  'wpa2-enterprise': 5,
  wpa3: 6,
  'wpa2/wpa3': 7,
  wapi: 8,
  owe: 9,
  'wpa3-enterprise': 10,
});

/** Document 000 §3.3. Bits of the mask in the order of the fields of a scan: five up to 2.1, eleven since. */
export const scanOptions = setting('AT+CWLAPOPT', fields({ sorted: flag, mask: optional(int(0, 0x7ff)) }), {
  effect: ({ mask }) => (mask === undefined ? {} : { scanMask: mask }),
  doc: 'Which fields a scan prints, and whether it sorts by signal.',
  source: 'document 000 §3.3',
});

const accessPoint = line(
  '+CWLAP:(',
  fields({
    encryption: whenOptional(scanBit(0), encryption),
    ssid: whenOptional(scanBit(1), text()),
    rssi: whenOptional(scanBit(2), anyInt),
    bssid: whenOptional(scanBit(3), mac),
    channel: whenOptional(scanBit(4), anyInt),
    frequencyOffset: whenOptional(scanBit(5), anyInt),
    frequencyCalibration: whenOptional(scanBit(6), anyInt),
    pairwiseCipher: whenOptional(scanBit(7), anyInt),
    groupCipher: whenOptional(scanBit(8), anyInt),
    protocols: whenOptional(scanBit(9), anyInt),
    wps: whenOptional(scanBit(10), anyInt),
  }),
  { close: ')' },
);

const scanTimeout = 20_000;

/** Document 000 §3.4. Emits each access point as its line comes; `rssi` in dBm. Station mode only. */
export const scan = command({
  name: 'AT+CWLAP',
  form: 'execute',
  response: many(accessPoint),
  result: 'stream',
  repeatable: true,
  timeout: scanTimeout,
  doc: 'Lists access points.',
  source: 'document 000 §3.4',
});

/** Document 000 §3.4, narrowed. Times per channel in ms, 0 to 1500. An SSID that is not there is just OK. */
export const scanFor = command({
  name: 'AT+CWLAP',
  form: 'set',
  params: fields({
    ssid: optional(text({ max: 32 })),
    bssid: optional(mac),
    channel: optional(int(1, 14)),
    type: optional(enumeration({ active: 0, passive: 1 })),
    minTime: optional(int(0, 1500)),
    maxTime: optional(int(0, 1500)),
  }),
  response: many(accessPoint),
  result: 'stream',
  repeatable: true,
  timeout: ({ maxTime }) => scanTimeout + 14 * (maxTime ?? 0),
  doc: 'Lists access points of one name, address or channel.',
  source: 'document 000 §3.4',
});
