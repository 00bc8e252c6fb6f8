import { bareText, concealed, fields, ipv4, line, mac, uint } from '../codec/index.js';
import { event } from '../command/index.js';

/** The station is associated. Document 000 §3.2. */
export const stationConnected = event({ line: line('WIFI CONNECTED', fields({})), doc: 'The station is associated.', source: 'document 000 §3.2' });
/** The station has an IPv4 address. Document 000 §3.2. */
export const stationGotIp = event({ line: line('WIFI GOT IP', fields({})), doc: 'The station has an IPv4 address.', source: 'document 000 §3.2' });
/** The station has lost its access point. Document 000 §3.2. */
export const stationDisconnected = event({ line: line('WIFI DISCONNECT', fields({})), doc: 'The station has lost its access point.', source: 'document 000 §3.2' });
/** The station has a link-local IPv6 address. Document 002 AT+CIPV6. */
export const stationGotIpv6Local = event({ line: line('WIFI GOT IPv6 LL', fields({})), doc: 'The station has a link-local IPv6 address.', source: 'document 002 AT+CIPV6' });
/** The station has a global IPv6 address. Document 002 AT+CIPV6. */
export const stationGotIpv6Global = event({ line: line('WIFI GOT IPv6 GL', fields({})), doc: 'The station has a global IPv6 address.', source: 'document 002 AT+CIPV6' });

/** A station joined the softAP. Document 000 §3.6. */
export const stationJoined = event({ line: line('+STA_CONNECTED:', fields({ mac })), doc: 'A station joined the softAP.', source: 'document 000 §3.6' });
/** The softAP gave a station its address. Document 000 §3.6. */
export const stationAddressed = event({ line: line('+DIST_STA_IP:', fields({ mac, address: ipv4 })), doc: 'The softAP gave a station its address.', source: 'document 000 §3.6' });
/** A station left the softAP. Document 000 §3.6. */
export const stationLeft = event({ line: line('+STA_DISCONNECTED:', fields({ mac })), doc: 'A station left the softAP.', source: 'document 000 §3.6' });

/** SmartConfig found a phone. Document 000 §3.16. */
export const smartConfigType = event({ line: line('smartconfig type:', fields({ type: bareText })), doc: 'SmartConfig found a phone.', source: 'document 000 §3.16' });
/** SmartConfig got the access point. Document 000 §3.16. */
export const smartConfigInfo = event({ line: line('Smart get wifi info', fields({})), doc: 'SmartConfig got the access point.', source: 'document 000 §3.16' });
/** The SSID SmartConfig got. Document 000 §3.16. */
export const smartConfigSsid = event({ line: line('ssid:', fields({ ssid: bareText })), doc: 'The SSID SmartConfig got.', source: 'document 000 §3.16' });
/** The password SmartConfig got. Document 000 §3.16. */
export const smartConfigPassword = event({ line: line('password:', fields({ password: concealed(bareText) })), doc: 'The password SmartConfig got.', source: 'document 000 §3.16' });
/** The station joined with what SmartConfig got. Document 000 §3.16. */
export const smartConfigDone = event({ line: line('smartconfig connected wifi', fields({})), doc: 'The station joined with what SmartConfig got.', source: 'document 000 §3.16' });
/** ESP-TOUCH v2: data that the phone sends along. */
export const smartConfigData = event({ line: line('+SCRD:', fields({ length: uint }), { counted: 'length' }), doc: 'Data that came with SmartConfig.', source: 'document 000 §3.16; PROTOCOL section 2' });
