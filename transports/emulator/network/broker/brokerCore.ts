import type { SchedulerLike } from 'rxjs';
import type { MqttConnectOptions, MqttMessage } from '../mqttClient.js';
import type { BrokerSession } from './brokerSession.js';

/** What connections need of their broker. */
export interface BrokerCore {
  readonly scheduler: SchedulerLike;
  readonly latency: number;
  readonly admits: (options: MqttConnectOptions) => boolean;
  /** The session of a client; a clean one forgets the last. */
  readonly sessionOf: (clientId: string, clean: boolean) => BrokerSession;
  readonly forget: (session: BrokerSession) => void;
  readonly route: (message: MqttMessage) => void;
  readonly retained: (filter: string) => readonly MqttMessage[];
  readonly running: () => boolean;
}
