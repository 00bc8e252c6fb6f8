import { fields, ipv4, line, mac, optional } from '../../codec/index.js';
import { one, query, setting } from '../../command/index.js';
import { keyedAddresses } from '../keyedAddresses.js';

const addressing = { ip: ipv4, gateway: optional(ipv4), netmask: optional(ipv4) };
const answer = fields({ mac });

/** Document 000 §3.14. Switches DHCP off; without `gateway` and `netmask` x.x.x.1 and 255.255.255.0. WIFI GOT IP comes before OK. */
export const stationAddress = setting('AT+CIPSTA', fields(addressing), {
  events: ['WIFI GOT IP'],
  doc: 'Sets a static address of the station.',
  source: 'document 000 §3.14',
});

/** Document 000 §3.14; the wire has one keyed line an address. */
export const stationAddressQuery = query('AT+CIPSTA', keyedAddresses('+CIPSTA'), {
  doc: 'IP address, gateway and netmask of the station.',
  source: 'document 000 §3.14',
});

/** Document 000 §3.15. Switches the softAP's DHCP off. */
export const softApAddress = setting('AT+CIPAP', fields(addressing), { doc: 'Sets the address of the softAP.', source: 'document 000 §3.15' });

/** Document 000 §3.15; the wire has one keyed line an address. */
export const softApAddressQuery = query('AT+CIPAP', keyedAddresses('+CIPAP'), {
  doc: 'IP address, gateway and netmask of the softAP.',
  source: 'document 000 §3.15',
});

/** Document 000 §3.12. Bit 0 of the first octet must be 0. */
export const stationMac = setting('AT+CIPSTAMAC', fields({ mac }), { doc: 'Sets the MAC address of the station.', source: 'document 000 §3.12' });

/** Document 000 §3.12. */
export const stationMacQuery = query('AT+CIPSTAMAC', one(line('+CIPSTAMAC:', answer)), { doc: 'The MAC address of the station.', source: 'document 000 §3.12' });

/** Document 000 §3.13. Bit 0 of the first octet must be 0. */
export const softApMac = setting('AT+CIPAPMAC', fields({ mac }), { doc: 'Sets the MAC address of the softAP.', source: 'document 000 §3.13' });

/** Document 000 §3.13. */
export const softApMacQuery = query('AT+CIPAPMAC', one(line('+CIPAPMAC:', answer)), { doc: 'The MAC address of the softAP.', source: 'document 000 §3.13' });
