import type { Command } from '../../command/index.js';
import * as ethernet from '../../commands/ethernet.js';

/** Commands that the base dialects have alike: document 000 chapter 7. */
export const ethernetRows: readonly Command[] = [
  ethernet.macAddress,
  ethernet.macAddressQuery,
  ethernet.address,
  ethernet.addressQuery,
];
