import { fields, ipv4, line, mac, optional } from '../codec/index.js';
import { one, query, setting } from '../command/index.js';
import { keyedAddresses } from './keyedAddresses.js';

const esp32Only = true;

/** Document 000 §7.1 (its blank in the command is an error). Bit 0 of the first octet must be 0. */
export const macAddress = setting('AT+CIPETHMAC', fields({ mac }), { esp32Only, doc: 'Sets the MAC address of Ethernet.', source: 'document 000 §7.1' });

/** Document 000 §7.1. */
export const macAddressQuery = query('AT+CIPETHMAC', one(line('+CIPETHMAC:', fields({ mac }))), { esp32Only, doc: 'The MAC address of Ethernet.', source: 'document 000 §7.1' });

/** Document 000 §7.2. Switches DHCP off. */
export const address = setting('AT+CIPETH', fields({ ip: ipv4, gateway: optional(ipv4), netmask: optional(ipv4) }), {
  esp32Only,
  events: ['+ETH_CONNECTED', '+ETH_GOT_IP', '+ETH_DISCONNECTED'],
  doc: 'Sets a static address of Ethernet.',
  source: 'document 000 §7.2',
});

/** Document 000 §7.2; one keyed line an address. */
export const addressQuery = query('AT+CIPETH', keyedAddresses('+CIPETH'), { esp32Only, doc: 'IP address, gateway and netmask of Ethernet.', source: 'document 000 §7.2' });
