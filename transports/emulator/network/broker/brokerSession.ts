import type { MqttMessage, MqttQos } from '../mqttClient.js';
import { filterTakes } from './topicFilter.js';

/** The line to a client that is there. */
export interface BrokerLine {
  deliver(message: MqttMessage): void;
  /** The broker hangs up. */
  cut(): void;
}

/** What a broker knows of one client: its subscriptions, and what waits for it while it is away. */
export class BrokerSession {
  private readonly filters = new Map<string, MqttQos>();
  private waiting: MqttMessage[] = [];
  line: BrokerLine | undefined;

  constructor(readonly clientId: string) {}

  /** The session goes on with a new line; what waited is delivered. */
  resume(line: BrokerLine): void {
    this.line = line;
    const waited = this.waiting;
    this.waiting = [];
    for (const message of waited) line.deliver(message);
  }

  subscribe(filter: string, qos: MqttQos): void {
    this.filters.set(filter, qos);
  }

  unsubscribe(filter: string): void {
    this.filters.delete(filter);
  }

  /** A message is routed: it comes once, with the best quality that any matching filter asked for, though never a better one than its own. */
  offer(message: MqttMessage): void {
    const asked = [...this.filters].filter(([filter]) => filterTakes(filter, message.topic)).map(([, qos]) => qos);
    if (asked.length === 0) return;
    const qos = Math.min(message.qos, Math.max(...asked)) as MqttQos;
    this.send({ ...message, qos });
  }

  /** A retained message meets a new subscription. */
  send(message: MqttMessage): void {
    if (this.line) this.line.deliver(message);
    else if (message.qos > 0) this.waiting.push(message);
  }
}
