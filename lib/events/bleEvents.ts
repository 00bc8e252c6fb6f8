import { anyInt, arranged, bareHex, bareText, concealed, enumeration, failable, fields, line, mac, optional, passkey, uint } from '../codec/index.js';
import { event } from '../command/index.js';

/** A connection that came to nothing has -1 in place of the address; no address then, and `failed`. */
export const bleConnected = event({
  line: arranged(line('+BLECONN:', fields({ connection: uint, address: failable(mac) })), ({ connection, address }) =>
    address === 'failed' ? { connection, failed: true } : { connection, address, failed: false },
  ),
  doc: 'A BLE connection is open, or could not be opened.',
  source: 'document 000 §5.12',
});
/** A BLE connection is closed. Document 000 §5.13. */
export const bleDisconnected = event({ line: line('+BLEDISCONN:', fields({ connection: uint, address: mac })), doc: 'A BLE connection is closed.', source: 'document 000 §5.13' });
/** Units: intervals 1.25 ms, timeout 10 ms. Refused: no intervals. */
export const bleParameters = event({
  line: line(
    '+BLECONNPARAM:',
    fields({ connection: uint, minInterval: anyInt, maxInterval: optional(anyInt), interval: optional(anyInt), latency: optional(anyInt), timeout: optional(anyInt) }),
  ),
  doc: 'Parameters of a BLE connection.',
  source: 'PROTOCOL section 2; FORMATS at_bleCmd',
});
/** `mtu` in bytes, -1 when it was refused. */
export const bleMtu = event({ line: line('+BLECFGMTU:', fields({ connection: uint, mtu: anyInt })), doc: 'The MTU of a BLE connection.', source: 'document 000 §5.15' });
/** The services of a peer have changed. PROTOCOL section 2. */
export const bleServicesChanged = event({ line: line('+SRV_CHG:', fields({ connection: uint })), doc: 'The services of a peer have changed.', source: 'PROTOCOL section 2' });

/** `advert` and `response` as hex digits, perhaps empty; `rssi` in dBm. The address is quoted since 2.1, a number more at the end since 4.1. */
export const bleScan = event({
  line: line('+BLESCAN:', fields({ address: mac, rssi: anyInt, advert: bareHex, response: bareHex, type: anyInt, kind: optional(anyInt) })),
  doc: 'An advert was received.',
  source: 'document 000 §5.5',
});
/** 3.0 and later; may come twice. */
export const bleScanDone = event({ line: line('+BLESCANDONE', fields({})), doc: 'The scan has ended.', source: 'document 000 §5.5; FORMATS at_bleCmd' });

/** A client read a value of the server. PROTOCOL section 2. */
export const bleRead = event({ line: line('+READ:', fields({ connection: uint, address: mac })), doc: 'A client read a value of the server.', source: 'PROTOCOL section 2' });
/** With its value. Without a descriptor its field is empty, not absent. */
export const bleWrite = event({
  line: line('+WRITE:', fields({ connection: uint, service: uint, characteristic: uint, descriptor: optional(uint), length: uint }), { counted: 'length' }),
  doc: 'A client wrote a value of the server.',
  source: 'PROTOCOL section 2',
});
const value = fields({ connection: uint, service: uint, characteristic: uint, length: uint });
/** With its value. */
export const bleNotify = event({ line: line('+NOTIFY:', value, { counted: 'length' }), doc: 'A server notified of a value.', source: 'PROTOCOL section 2' });
/** With its value. */
export const bleIndicate = event({ line: line('+INDICATE:', value, { counted: 'length' }), doc: 'A server indicated a value.', source: 'PROTOCOL section 2' });

/** A peer asks to pair: AT+BLEENCRSP. Document 000 §5.31. */
export const bleSecurityRequest = event({ line: line('+BLESECREQ:', fields({ connection: uint })), doc: 'A peer asks to pair: AT+BLEENCRSP.', source: 'document 000 §5.31' });
/** The passkey to type in at the peer. Document 000 §5.31. */
export const blePasskey = event({ line: line('+BLESECNTFYKEY:', fields({ connection: uint, key: concealed(passkey) })), doc: 'The passkey to type in at the peer.', source: 'document 000 §5.31' });
/** A peer shows a passkey: AT+BLEKEYREPLY. Document 000 §5.33. */
export const blePasskeyRequest = event({ line: line('+BLESECKEYREQ:', fields({ connection: uint })), doc: 'A peer shows a passkey: AT+BLEKEYREPLY.', source: 'document 000 §5.33' });
/** A number to compare: AT+BLECONFREPLY. Document 000 §5.34. */
export const bleConfirmRequest = event({
  line: line('+BLESECNCREQ:', fields({ connection: uint, key: concealed(passkey) })),
  doc: 'A number to compare: AT+BLECONFREPLY.',
  source: 'document 000 §5.34',
});
/** A key was exchanged. Document 000 §5.31. */
export const bleKeyType = event({ line: line('+BLESECKEYTYPE:', fields({ connection: uint, type: uint })), doc: 'A key was exchanged.', source: 'document 000 §5.31' });
/** Pairing has ended. Document 000 §5.31. */
export const bleAuthenticated = event({
  line: line('+BLEAUTHCMPL:', fields({ connection: uint, outcome: enumeration({ success: 0, failure: 1 }) })),
  doc: 'Pairing has ended.',
  source: 'document 000 §5.31',
});

const passthroughDoc = { doc: 'The module booted into BLE passthrough.', source: 'PROTOCOL section 2; FORMATS at_bleCmd' };
/** The module booted into BLE passthrough. PROTOCOL section 2. */
export const blePassthrough = event({ line: line('BLE_TT_MODE', fields({})), ...passthroughDoc });
/** As documented; the wire has no `+`. */
export const blePassthroughDocumented = event({ name: 'BLE_TT_MODE', line: line('+BLE_TT_MODE', fields({})), ...passthroughDoc });

/** A HID host is connected. Document 000 §5.38. */
export const hidConnected = event({ line: line('+BLEHIDCONN', fields({})), doc: 'A HID host is connected.', source: 'document 000 §5.38' });
/** A HID host is gone. Document 000 §5.38. */
export const hidDisconnected = event({ line: line('+BLEHIDDISCONN', fields({})), doc: 'A HID host is gone.', source: 'document 000 §5.38' });

/** A phone is connected by BluFi. Document 000 §5.41. */
export const blufiConnected = event({ line: line('+BLUFICONN', fields({})), doc: 'A phone is connected by BluFi.', source: 'document 000 §5.41' });
/** A phone has left BluFi. Document 000 §5.41. */
export const blufiDisconnected = event({ line: line('+BLUFIDISCONN', fields({})), doc: 'A phone has left BluFi.', source: 'document 000 §5.41' });
/** The SSID that BluFi got. Document 000 §5.41. */
export const blufiSsid = event({ line: line('+SSID:', fields({ ssid: bareText })), doc: 'The SSID that BluFi got.', source: 'document 000 §5.41' });
/** The password that BluFi got. Document 000 §5.41. */
export const blufiPassword = event({ line: line('+PASSWORD:', fields({ password: concealed(bareText) })), doc: 'The password that BluFi got.', source: 'document 000 §5.41' });
/** With its payload. */
export const blufiData = event({ line: line('+BLUFIDATA:', fields({ length: uint }), { counted: 'length' }), doc: 'Data that came by BluFi.', source: 'document 000 §5.41' });
