import { anyInt, concealed, enumeration, fields, flag, int, line, mac, optional, passkey, secret } from '../../codec/index.js';
import { action, command, many, mapped, one, query, setting } from '../../command/index.js';
import { connection } from './bleFields.js';

const esp32Only = true;
const parameters = {
  authentication: enumeration({ 'no-bond': 0, bond: 1, mitm: 4, 'sc-only': 8, 'sc-bond': 9, 'sc-mitm': 12, 'sc-mitm-bond': 13 }),
  capability: enumeration({ 'display-only': 0, 'display-yes-no': 1, 'keyboard-only': 2, 'no-input-no-output': 3, 'keyboard-display': 4 }),
  keySize: int(7, 16),
  initiatorKeys: int(0, 15),
  responderKeys: int(0, 15),
};
const options = enumeration({ 'any-level': 0, 'disconnect-below': 1 });
const outcome = ['+BLEAUTHCMPL', '+BLESECREQ', '+BLESECKEYREQ', '+BLESECNTFYKEY', '+BLESECNCREQ', '+BLESECKEYTYPE'] as const;

/** Document 000 §5.30. Keys bit by bit: 0 encryption, 1 IRK, 2 CSRK, 3 link key. */
export const security = setting('AT+BLESECPARAM', fields({ ...parameters, option: optional(options) }), { esp32Only, doc: 'Sets how BLE pairs.', source: 'document 000 §5.30' });

/** Document 000 §5.30. Ends with LF alone up to 4.0. */
export const securityQuery = query('AT+BLESECPARAM', one(line('+BLESECPARAM:', fields({ ...parameters, option: optional(options) }))), {
  esp32Only,
  doc: 'How BLE pairs.',
  source: 'document 000 §5.30',
});

/** Document 000 §5.31. After AT+BLESECPARAM and a connection; the rest are events, the last +BLEAUTHCMPL. */
export const encrypt = action('AT+BLEENC', fields({ connection, level: enumeration({ none: 0, encrypt: 1, 'encrypt, no mitm': 2, 'encrypt, mitm': 3 }) }), {
  esp32Only,
  events: outcome,
  doc: 'Starts pairing.',
  source: 'document 000 §5.31',
});

/** Document 000 §5.32. Answers +BLESECREQ. */
export const acceptPairing = action('AT+BLEENCRSP', fields({ connection, accept: flag }), { esp32Only, events: ['+BLEAUTHCMPL'], doc: 'Grants a security request.', source: 'document 000 §5.32' });

/** Document 000 §5.33. Answers +BLESECKEYREQ with the passkey that the peer shows. */
export const replyKey = action('AT+BLEKEYREPLY', fields({ connection, key: secret(passkey) }), { esp32Only, events: ['+BLEAUTHCMPL'], doc: 'Answers with a passkey.', source: 'document 000 §5.33' });

/** Document 000 §5.34. Answers +BLESECNCREQ. */
export const confirmKey = action('AT+BLECONFREPLY', fields({ connection, confirm: flag }), { esp32Only, events: ['+BLEAUTHCMPL'], doc: 'Confirms a number.', source: 'document 000 §5.34' });

/** Document 000 §5.35. */
export const bonded = query('AT+BLEENCDEV', many(line('+BLEENCDEV:', fields({ index: anyInt, address: mac }))), { esp32Only, doc: 'Bonded peers.', source: 'document 000 §5.35' });

/** Document 000 §5.36, one peer of `bonded`. */
export const forget = action('AT+BLEENCCLEAR', fields({ index: int(0, 255) }), { esp32Only, doc: 'Forgets a bonded peer.', source: 'document 000 §5.36' });

/** Document 000 §5.36. */
export const forgetAll = command({ name: 'AT+BLEENCCLEAR', form: 'execute', esp32Only, doc: 'Forgets every bonded peer.', source: 'document 000 §5.36' });

/** Document 000 §5.37. Six digits for every connection. */
export const staticKey = setting('AT+BLESETKEY', fields({ key: secret(passkey) }), { esp32Only, doc: 'Sets a static passkey.', source: 'document 000 §5.37' });

/** Document 000 §5.37. `undefined` while unset (-1 on the wire), else a `Secret`. Ends with LF alone up to 4.0. */
export const staticKeyQuery = query(
  'AT+BLESETKEY',
  mapped(one(line('+BLESETKEY:', fields({ key: concealed(passkey) }))), ({ key }) => (key.reveal() === '-1' ? undefined : key)),
  { esp32Only, doc: 'The static passkey.', source: 'document 000 §5.37' },
);
