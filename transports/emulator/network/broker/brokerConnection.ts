import { Observable, Subscription, type Subscriber } from 'rxjs';
import type { MqttConnectOptions, MqttEvent, MqttSession } from '../mqttClient.js';
import { NetworkError } from '../network.js';
import type { BrokerCore } from './brokerCore.js';
import type { BrokerLine } from './brokerSession.js';
import { isFilter, isTopic } from './topicFilter.js';

const lost = (): NetworkError => new NetworkError('unreachable', 'the connection to the broker is gone');

/** One connection of a client to the broker. */
export const brokerConnection = (core: BrokerCore, options: MqttConnectOptions): Observable<MqttEvent> =>
  new Observable<MqttEvent>((subscriber) => {
    const timers = new Subscription();
    const later = (ms: number, run: () => void): Subscription => {
      const timer = core.scheduler.schedule(run, ms);
      timers.add(timer);
      return timer;
    };
    const unanswered = new Set<Subscriber<never>>();
    let leave: ((goodbye: boolean) => void) | undefined;

    later(2 * core.latency, () => {
      if (!core.running() || !core.admits(options)) return subscriber.error(new NetworkError('refused'));
      const session = core.sessionOf(options.clientId, options.clean);
      const line: BrokerLine = {
        deliver: (message) => later(core.latency, () => subscriber.next({ kind: 'message', message: { ...message, payload: message.payload.slice() } })),
        cut: () => {
          leave?.(false);
          later(core.latency, () => subscriber.complete());
        },
      };
      leave = (goodbye) => {
        leave = undefined;
        session.line = undefined;
        if (options.clean) core.forget(session);
        if (!goodbye && options.will && core.running()) core.route(options.will);
        for (const answered of unanswered) answered.error(lost());
      };
      const exchange = (run: (answered: Subscriber<never>) => void): Observable<never> =>
        new Observable<never>((answered) => {
          if (leave === undefined) return answered.error(lost());
          unanswered.add(answered);
          later(core.latency, () => run(answered));
          return () => unanswered.delete(answered);
        });
      const answer = (answered: Subscriber<never>, ms = core.latency): void => void later(ms, () => answered.complete());
      const connected: MqttSession = {
        publish: (message) => {
          const copy = { ...message, payload: message.payload.slice() };
          const sent = exchange((answered) => {
            if (!isTopic(copy.topic)) return line.cut();
            core.route(copy);
            // PUBREC, PUBREL and PUBCOMP after one another.
            answer(answered, (copy.qos === 2 ? 3 : 1) * core.latency);
          });
          if (message.qos > 0) return sent;
          return new Observable<never>((answered) => {
            if (leave === undefined) return answered.error(lost());
            sent.subscribe({ error: () => undefined });
            answered.complete();
          });
        },
        subscribe: (filter, qos) =>
          exchange((answered) => {
            if (!isFilter(filter)) return line.cut();
            session.subscribe(filter, qos);
            answer(answered);
            for (const message of core.retained(filter)) session.send({ ...message, qos: message.qos < qos ? message.qos : qos });
          }),
        unsubscribe: (filter) =>
          exchange((answered) => {
            session.unsubscribe(filter);
            answer(answered);
          }),
        end: () => {
          leave?.(true);
          subscriber.complete();
        },
      };
      later(0, () => {
        subscriber.next({ kind: 'connected', session: connected });
        session.resume(line);
      });
    });
    return () => {
      timers.unsubscribe();
      leave?.(false);
    };
  });
