import type { Command } from '../../command/index.js';
import * as mqtt from '../../commands/mqtt.js';
import { without } from '../limited.js';

/** Commands that the base dialects have alike: document 000 chapter 9. */
export const mqttRows: readonly Command[] = [
  mqtt.configure,
  mqtt.clientId,
  mqtt.username,
  mqtt.password,
  without(mqtt.connect, 'timeout'),
  mqtt.connectQuery,
  mqtt.subscribeQuery,
  mqtt.clean,
];
