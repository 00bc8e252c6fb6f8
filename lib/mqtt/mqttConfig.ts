import type { Parameters } from '../command/index.js';
import type * as mqtt from '../commands/mqtt.js';
import type { ClockConfig } from '../socket/setClock.js';

/** Quality of service: at most once, at least once, exactly once. */
export type Qos = 0 | 1 | 2;

/** How MQTT is carried: plain or by TLS, without or with WebSocket. */
export type MqttCarrier = 'tcp' | 'tls' | 'ws' | 'wss';

/** Who proves itself by a certificate over TLS. */
export type MqttVerify = 'none' | 'server' | 'client' | 'both';

/** A message that the broker publishes when it loses the module without a goodbye. */
export interface MqttWill {
  readonly topic: string;
  /** Text; 64 bytes at most up to 2.1, 128 later. */
  readonly message: string;
  /** Default 0. */
  readonly qos?: Qos;
  /** Default false. */
  readonly retain?: boolean;
}

/** How the module's MQTT client connects. */
export interface MqttConfig {
  /** Name or address of the broker, 1 to 128 bytes. */
  readonly host: string;
  /** 1 to 65535. Default 1883, 8883 for `tls`, 80 for `ws`, 443 for `wss`. */
  readonly port?: number;
  /** Default `tcp`. With `verify` these are the ten schemes of the firmware. */
  readonly carrier?: MqttCarrier;
  /** For `tls` and `wss`: `client` shows the module's certificate, `server` checks the broker's, for which the clock must be right. Default `none`. */
  readonly verify?: MqttVerify;
  /** The clock is set by SNTP before the broker's certificate is checked. `false`: never. */
  readonly clock?: ClockConfig | false;
  /** Path of the WebSocket, to 32 bytes. Default none. */
  readonly path?: string;
  /** 1 to 256 bytes, as far as the line takes it; from 2.2 on to 1024. */
  readonly clientId: string;
  /** To 256 bytes, as far as the line takes it; from 2.2 on to 1024. Default none. */
  readonly username?: string;
  /** As `username`; secret. Default none. */
  readonly password?: string;
  readonly will?: MqttWill;
  /**
   * Have the broker forget the last session of this client. Default true. What the broker has kept of it comes before the session is emitted: the last 64
   * messages go to who subscribes to their topics as it is emitted.
   */
  readonly clean?: boolean;
  /** Seconds, 1 to 7200. Default 120. */
  readonly keepAlive?: number;
  /** Come back after a lost connection and after a restart of the module. Default true; without it both end the session with an error. */
  readonly reconnect?: boolean;
  /**
   * Messages longer than about 1 KiB come in several +MQTTSUBRECV that nothing marks. Default `separate`: each is a message of its own. `join` puts
   * together what belongs together by its length: a guess, see `MqttSession.topic`.
   */
  readonly fragments?: 'separate' | 'join';
}

type Scheme = Parameters<typeof mqtt.configure>['scheme'];

const verified = { none: '', server: ', server verified', client: ', client certificate', both: ', both' } as const;

/** The firmware's scheme; `undefined` where there is none: certificates without TLS. */
export const schemeOf = ({ carrier = 'tcp', verify = 'none' }: MqttConfig): Scheme | undefined => {
  if (carrier === 'tls' || carrier === 'wss') return `${carrier}${verified[verify]}`;
  return verify === 'none' ? carrier : undefined;
};

/** The port unless given. */
export const portOf = ({ carrier = 'tcp', port }: MqttConfig): number => port ?? { tcp: 1883, tls: 8883, ws: 80, wss: 443 }[carrier];
