import { AtError } from '../../operators/atError.js';
import type { MqttMessage } from './mqttMessage.js';

/** What one message too many does: ends the subscription with `link`/`overflow`, or is dropped, or drops the oldest one. */
export type Overflow = 'error' | 'drop-oldest' | 'drop-newest';

/** Messages that nobody takes yet, so many at most. */
export interface Mailbox {
  push(message: MqttMessage): void;
  /** The oldest message; `undefined` when there is none. */
  shift(): MqttMessage | undefined;
  /** Set once a message found no room and that is an error. */
  readonly failure: AtError | undefined;
}

export const createMailbox = (filter: string, limit: number, overflow: Overflow): Mailbox => {
  const waiting: MqttMessage[] = [];
  let failure: AtError | undefined;
  return {
    push: (message) => {
      waiting.push(message);
      if (waiting.length <= limit) return;
      if (overflow === 'drop-oldest') waiting.shift();
      else waiting.pop();
      if (overflow !== 'error') return;
      failure ??= new AtError({
        kind: 'link',
        code: 'overflow',
        message: `more than ${String(limit)} messages of ${filter} wait to be taken`,
        retry: 'safe',
        details: { filter, limit },
      });
    },
    shift: () => waiting.shift(),
    get failure() {
      return failure;
    },
  };
};
