import type { Subscriber } from 'rxjs';
import { createMailbox, type Mailbox } from '../mailbox/mailbox.js';
import { createReader, defaultQueueLimit, type QueueOptions, type Reader } from '../mailbox/reader.js';
import type { Qos } from './mqttConfig.js';
import type { MqttMessage } from './mqttMessage.js';

/** How a topic is subscribed to. What waits does so within `keepFor`, or for `demand`. */
export interface TopicOptions extends QueueOptions {
  /** Best quality of service the broker shall use. The highest that anybody asks for the same filter counts. Default 0. */
  readonly qos?: Qos;
  /** How long the module's subscription outlives the last subscriber, in ms, 0 to 2147483647: who comes meanwhile gets what has come meanwhile. Default 0. */
  readonly keepFor?: number;
}

/** One subscriber of a filter. */
export type TopicReader = Reader<MqttMessage, TopicOptions>;

const named = (filter: string): string => `messages of ${filter}`;

export const createTopicReader = (filter: string, options: TopicOptions, subscriber: Subscriber<MqttMessage>): TopicReader =>
  createReader(named(filter), options, subscriber, { filter });

/** What comes while nobody listens, by the wishes of who listened last. */
export const createTopicMailbox = (filter: string, { queueLimit = defaultQueueLimit, overflow = 'error' }: TopicOptions): Mailbox<MqttMessage> =>
  createMailbox(named(filter), queueLimit, overflow, { filter });
