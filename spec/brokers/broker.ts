import { connectAsync } from 'mqtt';
import type { MqttCarrier } from '../../lib/index.js';

export interface BrokerConfig {
  /** Default `tcp`. */
  readonly carrier?: MqttCarrier;
  /** Who is let in. Default everybody. */
  readonly login?: { readonly username: string; readonly password: string };
  /** Clients have to show a certificate of the laboratory. Default false. */
  readonly mutual?: boolean;
}

/** A real broker on this computer, with a second, plain door for witnesses. */
export interface Broker {
  readonly port: number;
  readonly plain: number;
  /** As killed: no goodbye, and nothing is remembered. */
  stop(): Promise<void>;
  /** After `stop`, at the same ports. */
  start(): Promise<void>;
  /** `stop` for good. */
  end(): Promise<void>;
}

/** Starts a broker, which runs until it is stopped. */
export type StartBroker = (config: BrokerConfig) => Promise<Broker>;

export interface Heard {
  readonly topic: string;
  readonly payload: Buffer;
  readonly qos: number;
  readonly retain: boolean;
}

/** Another client of the broker, which hears every topic. */
export interface Witness {
  readonly heard: readonly Heard[];
  publish(topic: string, payload: Uint8Array | string, options?: { readonly qos?: 0 | 1 | 2; readonly retain?: boolean }): Promise<unknown>;
  end(): Promise<void>;
}

export const witness = async ({ plain }: Broker): Promise<Witness> => {
  const client = await connectAsync({ protocol: 'mqtt', host: '127.0.0.1', port: plain, username: 'witness', reconnectPeriod: 0 });
  const heard: Heard[] = [];
  client.on('message', (topic, payload, { qos, retain }) => heard.push({ topic, payload, qos, retain }));
  client.on('error', () => undefined);
  await client.subscribeAsync('#', { qos: 2 });
  return {
    heard,
    publish: (topic, payload, options = {}) => client.publishAsync(topic, Buffer.from(payload as Uint8Array), options),
    end: () => client.endAsync(true),
  };
};
