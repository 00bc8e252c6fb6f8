import type { Command } from '../../command/index.js';
import * as mqtt from '../../commands/mqtt.js';
import { without } from '../limited.js';

/** `v4`: what version 4 keeps of document 000 chapter 9. */
export const mqttV4: readonly Command[] = [
  mqtt.configure,
  mqtt.clientId,
  mqtt.username,
  mqtt.password,
  mqtt.longClientId,
  mqtt.longUsername,
  mqtt.longPassword,
  mqtt.session,
  without(mqtt.connect, 'timeout'),
  mqtt.connectQuery,
  mqtt.publish,
  mqtt.publishRaw,
  mqtt.subscribe,
  mqtt.subscribeQuery,
  mqtt.unsubscribe,
  mqtt.clean,
];
