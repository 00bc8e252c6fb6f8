import { Buffer } from 'node:buffer';
import { mergeMap, Observable } from 'rxjs';
import type { IClientOptions, MqttClient } from 'mqtt';
import type { MqttClientPort, MqttConnectOptions, MqttEvent, MqttSession } from '../network/mqttClient.js';
import { NetworkError } from '../network/network.js';
import { mqttPackage, type MqttPackage } from './mqttPackage.js';
import { nodeFailure } from './nodeFailure.js';
import { tlsConnection, type TlsFiles } from './tlsFiles.js';

/** Where the brokers are really found, the certificates for TLS, and how long connecting may take. */
export interface NodeMqttConfig {
  /** Names and addresses that the module shall find elsewhere, e.g. `{ '192.168.4.2': '127.0.0.1' }`. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** The certificates in the module's flash, number 0 each. */
  readonly tls?: TlsFiles;
  /** After how long connecting fails, in milliseconds. Default 10,000. */
  readonly connectTimeout?: number;
  /** Loads the package `mqtt`. Default: the installed one. */
  readonly load?: () => unknown;
}

const clientOptions = (options: MqttConnectOptions, config: NodeMqttConfig): IClientOptions => {
  const { host, port, carrier, path, tls, will, password } = options;
  const secure = tls === undefined ? {} : tlsConnection(tls, config.tls ?? {});
  const protocols = { tcp: ['mqtt', 'mqtts'], websocket: ['ws', 'wss'] } as const;
  return {
    protocol: protocols[carrier][tls === undefined ? 0 : 1],
    host: config.hosts?.[host] ?? host,
    port,
    ...(carrier === 'websocket' ? { path: path.startsWith('/') ? path : `/${path}`, wsOptions: secure } : {}),
    ...(secure as Pick<IClientOptions, 'rejectUnauthorized'>),
    protocolVersion: 4,
    clientId: options.clientId,
    // A broker is asked in by name only where one was configured.
    ...(options.username === '' ? {} : { username: options.username, password: Buffer.from(password) }),
    keepalive: options.keepAlive,
    clean: options.clean,
    connectTimeout: config.connectTimeout ?? 10_000,
    // The module reconnects and subscribes by itself.
    reconnectPeriod: 0,
    resubscribe: false,
    queueQoSZero: false,
    ...(will === undefined ? {} : { will: { topic: will.topic, payload: Buffer.from(will.payload), qos: will.qos, retain: will.retain } }),
  };
};

type Done = (error?: Error | null) => void;

/** An exchange with the broker: completes with its answer, errors when the connection ends first. */
const exchange = (client: MqttClient, run: (done: Done) => void): Observable<never> =>
  new Observable<never>((subscriber) => {
    const gone = (): void => subscriber.error(new NetworkError('unreachable', 'the connection to the broker is gone'));
    if (!client.connected) return gone();
    client.once('close', gone);
    run((error) => {
      if (error) subscriber.error(nodeFailure(error, 'unreachable'));
      else subscriber.complete();
    });
    return () => client.off('close', gone);
  });

const sessionOf = (client: MqttClient): MqttSession => ({
  publish: ({ topic, payload, qos, retain }) =>
    exchange(client, (done) => client.publish(topic, Buffer.from(payload), { qos, retain }, (error) => done(error))),
  subscribe: (filter, qos) =>
    exchange(client, (done) => client.subscribe(filter, { qos }, (error, granted) => done(error ?? (granted?.some((grant) => (grant.qos as number) >= 128) ? new Error('the broker refused') : null)))),
  unsubscribe: (filter) => exchange(client, (done) => client.unsubscribe(filter, (error) => done(error))),
  end: () => void client.end(),
});

const connected = (mqtt: MqttPackage, options: MqttConnectOptions, config: NodeMqttConfig): Observable<MqttEvent> =>
  new Observable<MqttEvent>((subscriber) => {
    let client: MqttClient;
    let goodbye = false;
    try {
      client = mqtt.connect(clientOptions(options, config));
    } catch (error) {
      // A missing certificate, or options that the package refuses.
      subscriber.error(error instanceof NetworkError ? error : nodeFailure(error, 'unreachable'));
      return undefined;
    }
    client.on('connect', () => {
      const session = sessionOf(client);
      subscriber.next({ kind: 'connected', session: { ...session, end: () => {
        goodbye = true;
        session.end();
      } } });
    });
    client.on('message', (topic, payload, { qos, retain }) => {
      subscriber.next({ kind: 'message', message: { topic, payload: Uint8Array.from(payload), qos, retain } });
    });
    client.on('error', (error) => subscriber.error(nodeFailure(error, options.tls === undefined ? 'refused' : 'tls')));
    client.on('close', () => subscriber.complete());
    return () => {
      // A goodbye is on its way; everything else is cut.
      if (!goodbye) client.end(true);
    };
  });

/**
 * Real brokers, by the optional package `mqtt`: TCP, TLS and WebSocket. Every subscription to `connect` is one connection that never reconnects;
 * a missing package, an unreachable broker and a refused login error `NetworkError`.
 */
export const nodeMqtt = (config: NodeMqttConfig = {}): MqttClientPort => ({
  connect: (options) => mqttPackage(config.load).pipe(mergeMap((mqtt) => connected(mqtt, options, config))),
});
