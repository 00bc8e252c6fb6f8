import type { Command } from '../../command/index.js';
import * as ble from '../../commands/ble.js';
import { bleRows } from '../shared/bleRows.js';

/** `v4`: what version 4 keeps of document 000 chapter 5. */
export const bleV4: readonly Command[] = [
  ble.scan,
  ble.connect,
  ble.disconnect,
  ble.packetLength,
  ble.mtu,
  ble.connectionParameters,
  ble.notify,
  ble.indicate,
  ble.services,
  ble.includedServices,
  ble.characteristics,
  ble.read,
  ble.write,
  ble.encrypt,
  ble.acceptPairing,
  ble.replyKey,
  ble.confirmKey,
  ble.blufiSend,
  ...bleRows,
];
