import type { Command } from '../../command/index.js';
import * as mqtt from '../../commands/mqtt.js';
import { mqttRows } from '../shared/mqttRows.js';

/** `v4`: what version 4 keeps of document 000 chapter 9. */
export const mqttV4: readonly Command[] = [
  mqtt.longClientId,
  mqtt.longUsername,
  mqtt.longPassword,
  mqtt.session,
  mqtt.publish,
  mqtt.publishRaw,
  mqtt.subscribe,
  mqtt.unsubscribe,
  ...mqttRows,
];
