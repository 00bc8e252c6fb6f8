import type { MqttConnectOptions } from '../network/mqttClient.js';
import type { TlsOptions } from '../network/network.js';
import { bytesOf } from '../format.js';
import { utf8Text } from '../utf8Text.js';

/** AT+MQTTUSERCFG with what the single commands changed; strings hold one character per byte. */
export interface MqttUser {
  readonly scheme: number;
  readonly clientId: string;
  readonly username: string;
  readonly password: string;
  readonly path: string;
  readonly serverName?: string;
  readonly alpn?: readonly string[];
}

/** AT+MQTTCONNCFG. */
export interface MqttSettings {
  /** Seconds. */
  readonly keepAlive: number;
  /** 1: the session is kept. */
  readonly keepSession: number;
  readonly willTopic: string;
  readonly willMessage: string;
  readonly willQos: 0 | 1 | 2;
  readonly willRetain: number;
}

/** AT+MQTTCONN. */
export interface MqttTarget { readonly host: string; readonly port: number; readonly reconnect: number }

export const defaultSettings: MqttSettings = { keepAlive: 120, keepSession: 0, willTopic: '', willMessage: '', willQos: 0, willRetain: 0 };

/** Schemes 1 to 5 are TCP and TLS, 6 to 10 the same over WebSocket: plain, no check, check the server, show a certificate, both. */
const authModes: readonly (TlsOptions['authMode'] | undefined)[] = [undefined, 0, 2, 1, 3];

/** What the client connects with. */
export const connectOptions = (user: MqttUser, settings: MqttSettings, { host, port }: MqttTarget): MqttConnectOptions => {
  const authMode = authModes[(user.scheme - 1) % 5];
  return {
    host: utf8Text(host),
    port,
    carrier: user.scheme > 5 ? 'websocket' : 'tcp',
    path: utf8Text(user.path),
    clientId: utf8Text(user.clientId),
    username: utf8Text(user.username),
    password: bytesOf(user.password),
    keepAlive: settings.keepAlive,
    clean: settings.keepSession === 0,
    ...(authMode === undefined
      ? {}
      : {
          tls: {
            authMode, pkiNumber: 0, caNumber: 0,
            ...(user.serverName === undefined ? {} : { serverName: user.serverName }),
            ...(user.alpn === undefined ? {} : { alpn: user.alpn }),
          },
        }),
    ...(settings.willTopic === ''
      ? {}
      : { will: { topic: utf8Text(settings.willTopic), payload: bytesOf(settings.willMessage), qos: settings.willQos, retain: settings.willRetain === 1 } }),
  };
};
