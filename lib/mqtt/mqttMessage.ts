import { latin1 } from '../codec/latin1.js';
import { fromWire } from '../codec/wireText.js';

/** A message as the module prints it. Its QoS, and whether it was retained, are not on the wire. */
export interface MqttMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** Out of how many +MQTTSUBRECV it was put together: more than 1 only with `fragments: 'join'`. */
  readonly pieces: number;
  /** The payload read as UTF-8; a byte b that is none comes as the lone surrogate U+DC00 + b. */
  text(): string;
}

export const mqttMessage = (topic: string, parts: readonly Uint8Array[]): MqttMessage => {
  const [first = new Uint8Array(0)] = parts;
  const payload = parts.length < 2 ? first : new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  if (parts.length > 1) {
    let at = 0;
    for (const part of parts) {
      payload.set(part, at);
      at += part.length;
    }
  }
  return { topic, payload, pieces: Math.max(parts.length, 1), text: () => fromWire(latin1(payload)) };
};
