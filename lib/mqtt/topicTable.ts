import { catchError, defer, EMPTY, ignoreElements, mergeMap, Observable, of, type Subscription, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { checkNumber } from '../../operators/checkNumber.js';
import * as mqtt from '../commands/mqtt.js';
import type { AtModule } from '../module/atModule.js';
import type { Mailbox } from '../mailbox/mailbox.js';
import type { Qos } from './mqttConfig.js';
import { isOffline, named } from './mqttError.js';
import type { MqttMessage } from './mqttMessage.js';
import { isTopicFilter, topicMatches } from './topicMatches.js';
import { createTopicMailbox, createTopicReader, type TopicOptions, type TopicReader } from './topicReader.js';

/** The filters of a session, with who listens to them. */
export interface TopicTable {
  topic(filter: string, options: TopicOptions): Observable<MqttMessage>;
  /** Gives a message to everyone whose filter takes its topic. */
  deliver(message: MqttMessage): void;
  /** Whether any filter takes this topic. */
  asks(topic: string): boolean;
  /** Subscribes to what a reconnected module lacks, and gives up what nobody wants any more. */
  renew(): Observable<never>;
  /** Ends every subscriber, with the error if there is one; nothing is sent. */
  end(error?: unknown): void;
}

interface Entry {
  readonly filter: string;
  readonly readers: Set<TopicReader>;
  qos: Qos;
  /** AT+MQTTSUB under way. */
  asking: Subscription | undefined;
  /** Runs while nobody listens, and what comes meanwhile. */
  keeping: { readonly timer: Subscription; readonly mailbox: Mailbox<MqttMessage> } | undefined;
}

/** No timer is longer, in ms. */
const longest = 0x7fffffff;
/** The module restarted under the command: what is lost comes back with the connection, or the session ends. */
const restarted = (error: unknown): boolean => isAtError(error, 'module') && error.code === 'reset';

/** `missed` is told that the module has lost its connection without a word. */
export const createTopicTable = (module: AtModule, online: () => boolean, missed: () => void): TopicTable => {
  const entries = new Map<string, Entry>();
  let ended: { readonly error: unknown } | undefined;

  const ask = (entry: Entry): void => {
    const { filter, qos } = entry;
    entry.asking?.unsubscribe();
    if (!online()) return;
    entry.asking = module
      .exec(mqtt.subscribe, { link: 0, topic: filter, qos })
      .pipe(named())
      .subscribe({
        error: (error: unknown) => {
          if (isOffline(error) && online()) missed();
          if (!online() || restarted(error) || entries.get(filter) !== entry) return;
          entries.delete(filter);
          entry.keeping?.timer.unsubscribe();
          for (const { subscriber } of [...entry.readers]) subscriber.error(error);
        },
      });
  };
  const giveUp = (filter: string): Observable<never> =>
    defer(() => module.exec(mqtt.unsubscribe, { link: 0, topic: filter })).pipe(
      ignoreElements(),
      catchError(() => EMPTY),
    );
  const drop = (entry: Entry): void => {
    entries.delete(entry.filter);
    entry.asking?.unsubscribe();
    // A connection that is gone gives up by `renew`, when it is back.
    if (online()) giveUp(entry.filter).subscribe();
  };
  const leave = (entry: Entry, reader: TopicReader): void => {
    entry.readers.delete(reader);
    if (ended !== undefined || entry.readers.size > 0 || entries.get(entry.filter) !== entry) return;
    const { keepFor = 0 } = reader.options;
    if (keepFor <= 0) return drop(entry);
    const timer = module.scheduler.schedule(() => drop(entry), keepFor);
    entry.keeping = { timer, mailbox: createTopicMailbox(entry.filter, reader.options) };
  };
  const join = (filter: string, reader: TopicReader): Entry => {
    const { qos = 0 } = reader.options;
    const found = entries.get(filter);
    const entry = found ?? { filter, readers: new Set(), qos, asking: undefined, keeping: undefined };
    entries.set(filter, entry);
    entry.readers.add(reader);
    if (found === undefined || qos > found.qos) {
      entry.qos = qos;
      ask(entry);
    }
    return entry;
  };
  const takeKept = (entry: Entry, reader: TopicReader): void => {
    const { keeping } = entry;
    entry.keeping = undefined;
    if (keeping === undefined) return;
    keeping.timer.unsubscribe();
    if (keeping.mailbox.failure !== undefined) return reader.subscriber.error(keeping.mailbox.failure);
    for (let message = keeping.mailbox.shift(); message !== undefined; message = keeping.mailbox.shift()) reader.take(message);
  };

  return {
    topic: (filter, options) =>
      new Observable<MqttMessage>((subscriber) => {
        if (ended !== undefined) return subscriber.error(ended.error ?? new AtError({ kind: 'link', code: 'closed', message: 'the session is over' }));
        if (!isTopicFilter(filter)) return subscriber.error(new AtError({ kind: 'usage', code: 'topic', message: '+ stands alone on its level, # on the last one', details: { filter } }));
        const wrong = checkNumber('queueLimit', options.queueLimit, 0) ?? checkNumber('keepFor', options.keepFor, 0, longest);
        if (wrong !== undefined) return subscriber.error(wrong);
        const reader = createTopicReader(filter, options, subscriber);
        const entry = join(filter, reader);
        subscriber.add(() => leave(entry, reader));
        subscriber.add(reader.start());
        takeKept(entry, reader);
        return undefined;
      }),
    deliver: (message) => {
      for (const entry of [...entries.values()]) {
        if (!topicMatches(entry.filter, message.topic)) continue;
        if (entry.readers.size === 0) entry.keeping?.mailbox.push(message);
        for (const reader of [...entry.readers]) if (!reader.subscriber.closed) reader.take(message);
      }
    },
    asks: (topic) => [...entries.keys()].some((filter) => topicMatches(filter, topic)),
    renew: () =>
      module.exec(mqtt.subscribeQuery).pipe(
        // A module that cannot tell is asked for everything.
        catchError((error: unknown) => (isAtError(error, 'command') ? of({ topics: [] }) : throwError(() => error))),
        mergeMap(({ topics }) => {
          for (const entry of entries.values()) if (!topics.some(({ topic, qos }) => topic === entry.filter && qos >= entry.qos)) ask(entry);
          return topics.filter(({ topic }) => !entries.has(topic)).map(({ topic }) => topic);
        }),
        mergeMap(giveUp),
      ),
    end: (error) => {
      ended ??= { error };
      for (const { readers, asking, keeping } of [...entries.values()]) {
        asking?.unsubscribe();
        keeping?.timer.unsubscribe();
        for (const { subscriber } of [...readers]) {
          if (error === undefined) subscriber.complete();
          else subscriber.error(error);
        }
      }
      entries.clear();
    },
  };
};
