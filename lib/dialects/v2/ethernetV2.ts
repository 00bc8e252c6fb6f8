import type { Command } from '../../command/index.js';
import * as ethernet from '../../commands/ethernet.js';

/** `v2`: document 000 chapter 7. */
export const ethernetV2: readonly Command[] = [
  ethernet.macAddress,
  ethernet.macAddressQuery,
  ethernet.address,
  ethernet.addressQuery,
];
