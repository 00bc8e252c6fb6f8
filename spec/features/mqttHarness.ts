import type { SchedulerLike } from 'rxjs';
import { mqtt, type AtError, type MqttConfig, type MqttMessage, type MqttSession } from '../../lib/index.js';
import { inMemoryBroker, type EmulatorConfig, type InMemoryBroker, type InMemoryBrokerConfig, type InMemoryNetworkConfig } from '../../transports/emulator/index.js';
import { joinedModule, observed, type JoinedModule, type Observed } from '../support/joinedModule.js';

/** A joined module beside a broker, in virtual time. */
export interface MqttBench extends Omit<JoinedModule, 'sent'> {
  readonly broker: InMemoryBroker;
  /** Everything that was published: `topic payload qos retain`. */
  readonly published: string[];
  readonly sent: string[];
  /** MQTT commands sent, all of them. */
  mqttLines(): string[];
}

export const mqttBench = (emulator: EmulatorConfig = {}, options: InMemoryBrokerConfig = {}, network: InMemoryNetworkConfig = {}): MqttBench => {
  const behind: { joined?: JoinedModule } = {};
  const at = (): SchedulerLike => {
    if (behind.joined === undefined) throw new Error('not joined yet');
    return behind.joined.scheduler;
  };
  const scheduler: SchedulerLike = {
    now: () => at().now(),
    get schedule(): SchedulerLike['schedule'] {
      const real = at();
      return real.schedule.bind(real);
    },
  };
  const broker = inMemoryBroker({ scheduler, ...options });
  const joined = joinedModule({ emulator: { ...emulator, mqtt: broker }, network });
  behind.joined = joined;
  const published: string[] = [];
  broker.messages.subscribe(({ topic, payload, qos, retain }) => published.push(`${topic} ${String.fromCharCode(...payload.subarray(0, 200))} ${qos} ${retain}`));
  return { ...joined, sent: joined.sent as string[], broker, published, mqttLines: () => joined.sent.filter((line) => line.startsWith('AT+MQTT')) };
};

export const basics = { host: 'broker.lab', clientId: 'cid' } as const;

export interface Connected {
  readonly session: MqttSession;
  readonly log: Observed<MqttSession>;
}

/** Connects within ten seconds; what it sent is not in `sent`. */
export const connect = (bench: MqttBench, config: Partial<MqttConfig> = {}): Connected => {
  const log = observed(mqtt(bench.at, { ...basics, ...config }));
  bench.run(10_000);
  const [session] = log.values;
  if (session === undefined) throw log.error instanceof Error ? log.error : new Error('no session');
  return { session, log };
};

export const told = ({ topic, text }: MqttMessage): string => `${topic} ${text()}`;

export const failure = (error: unknown): readonly unknown[] => {
  const { kind, code, details } = error as AtError;
  return [kind, code, details['reason']];
};

/** So many bytes of every value, in no period of 256. */
export const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
