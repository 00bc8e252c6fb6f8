import { bareText, fields, flag, int, line, text } from '../../codec/index.js';
import { action, command, mapped, one, query, setting } from '../../command/index.js';

const esp32Only = true;
const byte = int(0, 255);
const displacement = int(-127, 127);

/** Document 000 §5.38. Not together with other GATT or GAP commands. */
export const hid = setting('AT+BLEHIDINIT', fields({ enable: flag }), { esp32Only, timeout: 10_000, events: ['+BLEHIDCONN', '+BLEHIDDISCONN'], doc: 'Starts or stops BLE HID.', source: 'document 000 §5.38' });

/** Document 000 §5.38. */
export const hidQuery = query('AT+BLEHIDINIT', one(line('+BLEHIDINIT:', fields({ enable: flag }))), { esp32Only, doc: 'Whether BLE HID is on.', source: 'document 000 §5.38' });

/** Document 000 §5.39. `modifiers` bit by bit and six key codes of the HID usage tables; 0 is none. */
export const hidKeyboard = action(
  'AT+BLEHIDKB',
  fields({ modifiers: byte, key1: byte, key2: byte, key3: byte, key4: byte, key5: byte, key6: byte }),
  { esp32Only, doc: 'Sends keys.', source: 'document 000 §5.39' },
);

/** Document 000 §5.40. `buttons` bit by bit, displacements -127 to 127. */
export const hidMouse = action('AT+BLEHIDMUS', fields({ buttons: byte, x: displacement, y: displacement, wheel: displacement }), {
  esp32Only,
  doc: 'Sends mouse movement.',
  source: 'document 000 §5.40',
});

/** Document 000 §5.41. A code of the HID consumer page: 233 is volume up. */
export const hidConsumer = action('AT+BLEHIDCONSUMER', fields({ usage: int(0, 65535) }), { esp32Only, doc: 'Sends a consumer key.', source: 'document 000 §5.41' });

/** Document 000 §5.41, the second. Excludes other BLE use; what the phone gives are events (since 3.3). */
export const blufi = setting('AT+BLUFI', fields({ enable: flag }), {
  esp32Only,
  timeout: 10_000,
  events: ['+BLUFICONN', '+BLUFIDISCONN', '+BLUFIDATA', '+SSID', '+PASSWORD', 'WIFI CONNECTED', 'WIFI GOT IP'],
  doc: 'Starts or stops BluFi.',
  source: 'document 000 §5.41',
});

/** Document 000 §5.41. */
export const blufiQuery = query('AT+BLUFI', one(line('+BLUFI:', fields({ enable: flag }))), { esp32Only, doc: 'Whether BluFi is on.', source: 'document 000 §5.41' });

/** Document 000 §5.42. Before AT+BLUFI=1; at most 29 bytes. */
export const blufiName = setting('AT+BLUFINAME', fields({ name: text({ min: 1, max: 29 }) }), { esp32Only, doc: 'Sets the name of BluFi.', source: 'document 000 §5.42' });

/** Document 000 §5.42. */
export const blufiNameQuery = query('AT+BLUFINAME', mapped(one(line('+BLUFINAME:', fields({ name: bareText }))), ({ name }) => name), {
  esp32Only,
  doc: 'The name of BluFi.',
  source: 'document 000 §5.42',
});

/** In no document; since 3.0. Takes `data` of `length` bytes behind a bare `>`; ERROR without a phone. */
export const blufiSend = command({
  name: 'AT+BLUFISEND',
  form: 'set',
  params: fields({ length: int(1, 600) }),
  phase: 'prompt',
  length: 'length',
  timeout: 10_000,
  esp32Only,
  doc: 'Sends data to the phone.',
  source: 'FORMATS at_setupBlufiSend',
});
