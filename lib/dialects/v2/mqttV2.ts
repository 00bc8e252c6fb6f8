import { int, text } from '../../codec/index.js';
import type { Command } from '../../command/index.js';
import * as mqtt from '../../commands/mqtt.js';
import { limited } from '../limited.js';
import { mqttRows } from '../shared/mqttRows.js';

const topic = text({ min: 1, max: 64 });

/** `v2`: document 000 chapter 9. */
export const mqttV2: readonly Command[] = [
  mqtt.configureQuery,
  mqtt.clientIdQuery,
  mqtt.usernameQuery,
  mqtt.passwordQuery,
  limited(mqtt.session, { willTopic: text({ max: 64 }), willMessage: text({ max: 64 }) }),
  mqtt.sessionQuery,
  limited(mqtt.publish, { topic }),
  limited(mqtt.publishRaw, { topic, length: int(1, 1024) }),
  limited(mqtt.subscribe, { topic }),
  limited(mqtt.unsubscribe, { topic }),
  ...mqttRows,
];
