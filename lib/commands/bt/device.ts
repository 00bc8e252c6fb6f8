import { anyInt, bareText, concealed, enumeration, fields, flag, hexInt, int, line, mac, optional, passkey, secret, text } from '../../codec/index.js';
import { action, command, many, mapped, one, query, setting } from '../../command/index.js';
import { connection } from './btFields.js';

const esp32Only = true;

/** Document 000 §8.1. Before anything else of classic Bluetooth. */
export const init = setting('AT+BTINIT', fields({ enable: flag }), { esp32Only, timeout: 10_000, doc: 'Starts or stops classic Bluetooth.', source: 'document 000 §8.1' });

/** Document 000 §8.1. */
export const initQuery = query('AT+BTINIT', one(line('+BTINIT:', fields({ enable: flag }))), { esp32Only, doc: 'Whether classic Bluetooth is on.', source: 'document 000 §8.1' });

/** Document 000 §8.2. At most 248 bytes, which the line limit cuts to fewer. */
export const name = setting('AT+BTNAME', fields({ name: text({ min: 1, max: 248 }) }), { esp32Only, doc: 'Sets the Bluetooth name.', source: 'document 000 §8.2' });

/** Document 000 §8.2. Without quotes on the wire. */
export const nameQuery = query('AT+BTNAME', mapped(one(line('+BTNAME:', fields({ name: bareText }))), (found) => found.name), {
  esp32Only,
  doc: 'The Bluetooth name.',
  source: 'document 000 §8.2',
});

const visibility = enumeration({ hidden: 0, connectable: 1, 'discoverable and connectable': 2, discoverable: 3 });

/** Document 000 §8.3. */
export const scanMode = setting('AT+BTSCANMODE', fields({ mode: visibility }), { esp32Only, doc: 'Sets who may find and connect.', source: 'document 000 §8.3' });

/** In no document; since 2.1. */
export const scanModeQuery = query('AT+BTSCANMODE', one(line('+BTSCANMODE:', fields({ mode: visibility }))), { esp32Only, doc: 'Who may find and connect.', source: 'FORMATS at_btCmd' });

/**
 * Document 000 §8.4. `length` in units of 1.28 s, 1 to 48; `responses` 0 without limit. Emits each device as its line comes: name and classes may be missing,
 * a line may be the address alone. `rssi` in dBm.
 */
export const discover = command({
  name: 'AT+BTSTARTDISC',
  form: 'set',
  params: fields({ mode: enumeration({ general: 0, limited: 1 }), length: int(1, 48), responses: int(0, 255) }),
  response: many(
    line(
      '+BTSTARTDISC:',
      fields({
        address: mac,
        name: optional(bareText),
        majorClass: optional(hexInt),
        minorClass: optional(hexInt),
        services: optional(hexInt),
        rssi: optional(anyInt),
      }),
    ),
  ),
  result: 'stream',
  repeatable: true,
  timeout: ({ length }) => Math.ceil(length * 1280) + 10_000,
  esp32Only,
  doc: 'Finds Bluetooth devices.',
  source: 'document 000 §8.4',
});

const capability = enumeration({ 'display-only': 0, 'display-yes-no': 1, 'keyboard-only': 2, 'no-input-no-output': 3 });
const pinType = enumeration({ variable: 0, fixed: 1 });
const pin = text({ min: 1, max: 16 });

/** Document 000 §8.15. `pin` up to 16 bytes, only for `fixed`. */
export const security = setting('AT+BTSECPARAM', fields({ capability, pinType, pin: optional(secret(pin)) }), { esp32Only, doc: 'Sets how Bluetooth pairs.', source: 'document 000 §8.15' });

/** Document 000 §8.15. The PIN is a `Secret`, without quotes on the wire. */
export const securityQuery = query('AT+BTSECPARAM', one(line('+BTSECPARAM:', fields({ capability, pinType, pin: optional(concealed(bareText)) }))), {
  esp32Only,
  doc: 'How Bluetooth pairs.',
  source: 'document 000 §8.15',
});

/** Document 000 §8.16. Answers +BTKEYREQ. */
export const replyKey = action('AT+BTKEYREPLY', fields({ connection, key: secret(passkey) }), { esp32Only, events: ['+BTKEYREQ'], doc: 'Answers with a passkey.', source: 'document 000 §8.16' });

/** Document 000 §8.17. Answers +BTPINREQ. */
export const replyPin = action('AT+BTPINREPLY', fields({ connection, pin: secret(pin) }), { esp32Only, events: ['+BTPINREQ'], doc: 'Answers with a PIN.', source: 'document 000 §8.17' });

/** Document 000 §8.18. Answers +BTCFMREQ. */
export const confirmKey = action('AT+BTSECCFM', fields({ connection, accept: flag }), { esp32Only, events: ['+BTCFMREQ', '+BTKEYNTF'], doc: 'Confirms a number.', source: 'document 000 §8.18' });

/** Document 000 §8.19. */
export const bonded = query('AT+BTENCDEV', many(line('+BTENCDEV:', fields({ index: anyInt, address: mac }))), { esp32Only, doc: 'Bonded peers.', source: 'document 000 §8.19' });

/** Document 000 §8.20, one peer of `bonded`. */
export const forget = action('AT+BTENCCLEAR', fields({ index: int(0, 255) }), { esp32Only, doc: 'Forgets a bonded peer.', source: 'document 000 §8.20' });

/** Document 000 §8.20, which prints another command's name. */
export const forgetAll = command({ name: 'AT+BTENCCLEAR', form: 'execute', esp32Only, doc: 'Forgets every bonded peer.', source: 'document 000 §8.20' });

/** Document 000 §8.21. Numbers of the Bluetooth baseband assignments. */
export const deviceClass = setting('AT+BTCOD', fields({ major: int(0, 31), minor: int(0, 63), service: int(0, 2047) }), { esp32Only, doc: 'Sets the class of device.', source: 'document 000 §8.21' });
