import { BehaviorSubject, catchError, concat, defer, distinctUntilChanged, EMPTY, filter, map, merge, NEVER, Observable, observeOn, retry, skip, startWith, Subject, Subscription, switchMap, take, takeUntil, tap, throwError, timer } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import { probe } from '../commands/basic.js';
import { ofEvent } from '../command/index.js';
import * as events from '../events/events.js';
import { createMailbox } from '../mailbox/mailbox.js';
import { defaultQueueLimit } from '../mailbox/reader.js';
import type { AtModule } from '../module/atModule.js';
import { connectClient } from './connectClient.js';
import { joinFragments } from './joinFragments.js';
import type { MqttConfig } from './mqttConfig.js';
import { type MqttMessage, mqttMessage } from './mqttMessage.js';
import { isOffline } from './mqttError.js';
import type { MqttSession, MqttState } from './mqttSession.js';
import { publish } from './publish.js';
import { createTopicTable } from './topicTable.js';

/** Time between two attempts to connect a module that has restarted, in ms: that of the firmware's own reconnection. */
const pause = 10_000;

const restarted = (): AtError => new AtError({ kind: 'module', code: 'reset', message: 'the module restarted: the connection to the broker is lost', retry: 'safe' });
const lost = (): AtError => new AtError({ kind: 'link', code: 'lost', message: 'the broker is gone', retry: 'safe' });

/** May pass: the broker is away, or the module is busy. */
const passing = (error: unknown): boolean =>
  isAtError(error) && (error.kind === 'link' || (error.kind === 'command' && (error.code === 'timeout' || error.code === 'busy')));

/** +MQTTSUBRECV as messages. */
const received = ({ events: said }: AtModule): Observable<MqttMessage> =>
  said.pipe(
    ofEvent(events.mqttMessage),
    map(({ fields: { topic }, payload }) => mqttMessage(topic, payload === undefined ? [] : [payload])),
  );

/** Everything between AT+MQTTUSERCFG and AT+MQTTCLEAN; `begun` is called before the former. */
export const runSession = (module: AtModule, config: MqttConfig, begun: () => void): Observable<MqttSession> =>
  new Observable<MqttSession>((subscriber) => {
    const { reconnect = true, fragments = 'separate' } = config;
    const { events: said, scheduler } = module;
    const life = new Subscription();
    const told = new BehaviorSubject<MqttState>('disconnected');
    const state = told.pipe(distinctUntilChanged());
    let now: MqttState = 'disconnected';
    /** The module has said what became of the attempt to connect. */
    let heard = false;
    let opened = false;
    const online = (): boolean => now === 'connected';
    const turn = (next: MqttState): void => {
      heard = true;
      now = next;
      told.next(next);
    };
    const forgotten = new Subject<void>();
    /** The module has no connection any more and did not say so: it was cleaned by somebody else, or restarted unheard. */
    const missed = (): void => {
      turn('disconnected');
      if (reconnect) forgotten.next();
      else failed(lost());
    };
    const table = createTopicTable(module, online, missed);
    const session: MqttSession = {
      state,
      topic: (topic, options = {}) => table.topic(topic, options),
      publish: (topic, payload, options = {}) => publish(module, online, topic, payload, options).pipe(tap({ error: (error: unknown) => (online() && isOffline(error) ? missed() : undefined) })),
    };
    const end = (): void => {
      now = 'disconnected';
      life.unsubscribe();
    };
    const failed = (error: unknown): void => {
      end();
      table.end(error);
      told.error(error);
      subscriber.error(error);
    };
    // Only a command tells why the events have ended.
    const ended = (): void => void module.exec(probe).subscribe({ error: failed });

    // Before AT+MQTTUSERCFG: a broker that has kept the session delivers before the OK of AT+MQTTCONN.
    const messages = received(module);
    const early = createMailbox<MqttMessage>('messages of a kept session', defaultQueueLimit, 'drop-oldest');
    const deliver = (message: MqttMessage): void => (opened ? table.deliver(message) : early.push(message));
    life.add((fragments === 'join' ? joinFragments(messages, table.asks, scheduler) : messages).subscribe({ next: deliver, error: () => undefined }));
    life.add(
      said.subscribe({
        next: ({ name }) => {
          if (name === events.mqttConnected.name) turn('connected');
          else if (name === events.mqttDisconnected.name) {
            turn('disconnected');
            if (opened && !reconnect) failed(lost());
          } else if (name === 'ready') {
            turn('disconnected');
            if (!opened || !reconnect) failed(restarted());
          }
        },
        error: ended,
        complete: ended,
      }),
    );
    // After the first time the module may lack subscriptions: it forgets them when it restarts.
    const renewals = state.pipe(
      skip(1),
      filter((next) => next === 'connected' && opened),
      switchMap(() => table.renew().pipe(catchError(() => EMPTY))),
    );
    life.add(renewals.subscribe({ error: () => undefined }));

    const connecting = defer(() => {
      heard = false;
      return concat(connectClient(module, config, begun), [undefined]);
    }).pipe(tap(() => (heard ? undefined : turn('connected'))));
    const first = connecting.pipe(
      tap(() => {
        if (!online() && !reconnect) return failed(lost());
        opened = true;
        subscriber.next(session);
        // For whoever has subscribed by now; there is nobody else.
        for (let message = early.shift(); message !== undefined; message = early.shift()) table.deliver(message);
      }),
    );
    // An address makes another attempt worthwhile; a client that has come back by itself makes it needless.
    const sooner = merge(timer(pause, scheduler), said.pipe(ofEvent(events.stationGotIp)));
    const back = state.pipe(filter((next) => next === 'connected'));
    const again = connecting.pipe(
      retry({ delay: (error) => (passing(error) ? sooner.pipe(take(1), takeUntil(back)) : throwError(() => error as unknown)) }),
      // The next `ready` begins anew.
      catchError((error: unknown) => (isAtError(error, 'module') && error.code === 'reset' ? NEVER : throwError(() => error))),
    );
    const attempts = merge(said.pipe(filter(({ name }) => name === 'ready')), forgotten).pipe(
      // What is queued while `ready` is told is dropped with the commands of before.
      observeOn(scheduler),
      map(() => again),
      startWith(first),
      switchMap((attempt) => attempt),
    );
    life.add(attempts.subscribe({ error: failed }));
    return () => {
      end();
      table.end();
      told.complete();
    };
  });
