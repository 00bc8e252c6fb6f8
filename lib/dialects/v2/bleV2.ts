import { enumeration, int, optional } from '../../codec/index.js';
import type { Command } from '../../command/index.js';
import * as ble from '../../commands/ble.js';
import { limited } from '../limited.js';
import { bleRows } from '../shared/bleRows.js';

/** One connection only. */
const single = { connection: int(0, 0) };

/** `v2`: document 000 chapter 5. */
export const bleV2: readonly Command[] = [
  limited(ble.scan, { filter: optional(enumeration({ mac: 1, name: 2 })) }),
  limited(ble.connect, single),
  limited(ble.disconnect, single),
  limited(ble.packetLength, single),
  limited(ble.mtu, single),
  limited(ble.connectionParameters, single),
  limited(ble.notify, single),
  limited(ble.indicate, single),
  limited(ble.services, single),
  limited(ble.includedServices, single),
  limited(ble.characteristics, single),
  limited(ble.read, single),
  limited(ble.write, single),
  limited(ble.encrypt, single),
  limited(ble.acceptPairing, single),
  limited(ble.replyKey, single),
  limited(ble.confirmKey, single),
  ...bleRows,
];
