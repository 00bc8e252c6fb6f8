import { int, text } from '../../codec/index.js';
import type { Command } from '../../command/index.js';
import * as mqtt from '../../commands/mqtt.js';
import { limited, without } from '../limited.js';

const topic = text({ min: 1, max: 64 });

/** `v2`: document 000 chapter 9. */
export const mqttV2: readonly Command[] = [
  mqtt.configure,
  mqtt.configureQuery,
  mqtt.clientId,
  mqtt.clientIdQuery,
  mqtt.username,
  mqtt.usernameQuery,
  mqtt.password,
  mqtt.passwordQuery,
  limited(mqtt.session, { willTopic: text({ max: 64 }), willMessage: text({ max: 64 }) }),
  mqtt.sessionQuery,
  without(mqtt.connect, 'timeout'),
  mqtt.connectQuery,
  limited(mqtt.publish, { topic }),
  limited(mqtt.publishRaw, { topic, length: int(1, 1024) }),
  limited(mqtt.subscribe, { topic }),
  mqtt.subscribeQuery,
  limited(mqtt.unsubscribe, { topic }),
  mqtt.clean,
];
