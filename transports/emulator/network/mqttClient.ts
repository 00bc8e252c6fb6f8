import type { Observable } from 'rxjs';
import type { TlsOptions } from './network.js';

/** Quality of service: at most once, at least once, exactly once. */
export type MqttQos = 0 | 1 | 2;

/** One message of a broker. */
export interface MqttMessage {
  readonly topic: string;
  readonly payload: Uint8Array;
  /** With which it travels on this leg. */
  readonly qos: MqttQos;
  readonly retain: boolean;
}

/** What `AT+MQTTUSERCFG`, `AT+MQTTCONNCFG` and `AT+MQTTCONN` come to. */
export interface MqttConnectOptions {
  readonly host: string;
  readonly port: number;
  /** Bare TCP, or WebSocket with `path`. */
  readonly carrier: 'tcp' | 'websocket';
  /** Of WebSocket; as configured, with or without its slash. */
  readonly path: string;
  readonly tls?: TlsOptions;
  readonly clientId: string;
  readonly username: string;
  readonly password: Uint8Array;
  /** Seconds. */
  readonly keepAlive: number;
  /** The broker forgets subscriptions and queued messages with the connection. */
  readonly clean: boolean;
  readonly will?: MqttMessage;
}

/**
 * A standing connection to a broker. Its Observables are cold: each subscription makes one request, emits nothing, completes with the broker's answer and
 * errors `NetworkError` where the connection ends first. Unsubscribing recalls nothing.
 */
export interface MqttSession {
  /** QoS 0 completes at once: nobody answers it. */
  publish(message: MqttMessage): Observable<never>;
  subscribe(filter: string, qos: MqttQos): Observable<never>;
  unsubscribe(filter: string): Observable<never>;
  /** Says goodbye: the last will is not published. The stream of `connect` completes. */
  end(): void;
}

/** What comes from a broker: first the connection, then messages. */
export type MqttEvent =
  | { readonly kind: 'connected'; readonly session: MqttSession }
  | { readonly kind: 'message'; readonly message: MqttMessage };

/** The MQTT brokers that the emulated module can reach, through a client that speaks 3.1.1. */
export interface MqttClientPort {
  /**
   * Cold: one connection a subscription. Emits `connected` once, then messages; errors `NetworkError` where no connection came about, completes or
   * errors when it is gone. Never connects again by itself. Unsubscribing cuts the line without goodbye, so the last will is published.
   */
  connect(options: MqttConnectOptions): Observable<MqttEvent>;
}
