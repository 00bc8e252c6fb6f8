import type { Observable, Subscriber, Subscription } from 'rxjs';
import { createMailbox, type Overflow } from './mailbox.js';
import type { Qos } from './mqttConfig.js';
import type { MqttMessage } from './mqttMessage.js';

/** How a topic is subscribed to. */
export interface TopicOptions {
  /** Best quality of service the broker shall use. The highest that anybody asks for the same filter counts. Default 0. */
  readonly qos?: Qos;
  /** How long the module's subscription outlives the last subscriber, in ms: who comes meanwhile gets what has come meanwhile. Default 0. */
  readonly keepFor?: number;
  /** Most messages that wait: for a subscriber within `keepFor`, or for `demand`. Default 64. */
  readonly queueLimit?: number;
  /** What one message too many does. Default `error`: `link`/`overflow`. */
  readonly overflow?: Overflow;
  /** How many more messages may be emitted, once for each value; without it they are emitted as they come. */
  readonly demand?: Observable<number>;
}

export const defaultQueueLimit = 64;

/** One subscriber of a filter. */
export interface TopicReader {
  readonly options: TopicOptions;
  readonly subscriber: Subscriber<MqttMessage>;
  take(message: MqttMessage): void;
  /** Begins to follow the demand. */
  start(): Subscription | undefined;
}

export const createTopicReader = (filter: string, options: TopicOptions, subscriber: Subscriber<MqttMessage>): TopicReader => {
  const { queueLimit = defaultQueueLimit, overflow = 'error', demand } = options;
  const mailbox = createMailbox(filter, queueLimit, overflow);
  let credit = demand === undefined ? Infinity : 0;
  let draining = false;
  const drain = (): void => {
    // A value of the demand may come out of the emission that it follows.
    if (draining) return;
    draining = true;
    while (credit > 0 && !subscriber.closed) {
      const message = mailbox.shift();
      if (message === undefined) break;
      credit -= 1;
      subscriber.next(message);
    }
    draining = false;
  };
  return {
    options,
    subscriber,
    take: (message) => {
      if (credit > 0 && !draining) {
        credit -= 1;
        // Nobody waits where there is credit.
        subscriber.next(message);
        return;
      }
      mailbox.push(message);
      if (mailbox.failure !== undefined) subscriber.error(mailbox.failure);
    },
    start: () =>
      demand?.subscribe({
        next: (more) => {
          credit += Math.max(0, more);
          drain();
        },
        error: (error: unknown) => subscriber.error(error),
      }),
  };
};
