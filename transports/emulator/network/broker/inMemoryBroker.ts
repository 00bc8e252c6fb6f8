import { asyncScheduler, Subject, type Observable, type SchedulerLike } from 'rxjs';
import { bytesOf, utf8 } from '../../format.js';
import type { MqttClientPort, MqttConnectOptions, MqttMessage, MqttQos } from '../mqttClient.js';
import { brokerConnection } from './brokerConnection.js';
import type { BrokerCore } from './brokerCore.js';
import { BrokerSession } from './brokerSession.js';
import { filterTakes } from './topicFilter.js';

/** Where an in-memory broker answers, whom it lets in, and how far away it is. */
export interface InMemoryBrokerConfig {
  /** Where it answers, as `host:port`; elsewhere connections are refused. Default: everywhere. */
  readonly endpoints?: readonly string[];
  /** Who may come in. Default: everyone. */
  readonly accept?: (options: MqttConnectOptions) => boolean;
  /** One way, in milliseconds. Default 1. */
  readonly latency?: number;
  /** Default asyncScheduler. */
  readonly scheduler?: SchedulerLike;
}

/** A broker in this process, with a door for tests. */
export interface InMemoryBroker extends MqttClientPort {
  /** Hot: every message that was published, wills and the broker's own included. */
  readonly messages: Observable<MqttMessage>;
  /** Ids of the clients that are connected now. */
  readonly clients: readonly string[];
  /** Publishes as some other client would; text goes as UTF-8. */
  publish(topic: string, payload: string | Uint8Array, options?: { readonly qos?: MqttQos; readonly retain?: boolean }): void;
  /** Cuts the line of a client, or of all; their wills are published. */
  cut(clientId?: string): void;
  /** The broker is killed: all lines are cut, new connections are refused, wills are lost; sessions and retained messages stay. */
  stop(): void;
  start(): void;
}

/**
 * A broker of MQTT 3.1.1 as its clients see it: QoS 0 to 2, retained messages, wildcards, last wills, clean and kept sessions. A message of QoS 1 or 2 is
 * routed before it is acknowledged; lines lose nothing while they stand, so nothing is sent twice. A client that publishes to a wildcard is cut off,
 * as real brokers do. Needs no closing.
 */
export const inMemoryBroker = (config: InMemoryBrokerConfig = {}): InMemoryBroker => {
  const { scheduler = asyncScheduler, latency = 1, endpoints, accept } = config;
  const sessions = new Map<string, BrokerSession>();
  const kept = new Map<string, MqttMessage>();
  const published = new Subject<MqttMessage>();
  let running = true;

  const route = (message: MqttMessage): void => {
    if (message.retain && message.payload.length === 0) kept.delete(message.topic);
    else if (message.retain) kept.set(message.topic, message);
    published.next(message);
    for (const session of sessions.values()) session.offer({ ...message, retain: false });
  };
  const core: BrokerCore = {
    scheduler,
    latency,
    route,
    running: () => running,
    admits: (options) => (endpoints === undefined || endpoints.includes(`${options.host}:${options.port}`)) && (accept?.(options) ?? true),
    sessionOf: (clientId, clean) => {
      const old = sessions.get(clientId);
      old?.line?.cut();
      const session = old === undefined || clean ? new BrokerSession(clientId) : old;
      sessions.set(clientId, session);
      return session;
    },
    forget: (session) => {
      if (sessions.get(session.clientId) === session) sessions.delete(session.clientId);
    },
    retained: (filter) => [...kept.values()].filter(({ topic }) => filterTakes(filter, topic)),
  };
  const lines = (): readonly BrokerSession[] => [...sessions.values()].filter(({ line }) => line !== undefined);

  return {
    connect: (options) => brokerConnection(core, options),
    messages: published.asObservable(),
    get clients() {
      return lines().map(({ clientId }) => clientId);
    },
    publish: (topic, payload, { qos = 0, retain = false } = {}) => {
      route({ topic, payload: typeof payload === 'string' ? bytesOf(utf8(payload)) : payload.slice(), qos, retain });
    },
    cut: (clientId) => {
      for (const session of lines()) if (clientId === undefined || clientId === session.clientId) session.line?.cut();
    },
    stop: () => {
      running = false;
      for (const session of lines()) session.line?.cut();
    },
    start: () => {
      running = true;
    },
  };
};
