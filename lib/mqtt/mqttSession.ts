import type { Observable } from 'rxjs';
import type { MqttMessage } from './mqttMessage.js';
import type { PublishOptions } from './publish.js';
import type { TopicOptions } from './topicReader.js';

/** Whether the broker is connected. */
export type MqttState = 'connected' | 'disconnected';

/** A connection to a broker that comes back by itself. */
export interface MqttSession {
  /** Hot, replays the latest: changes between `connected` and `disconnected`. Ends as the session does. */
  readonly state: Observable<MqttState>;
  /**
   * Messages to a filter, `+` and `#` included, also of a shared subscription (`$share/GROUP/FILTER`, where the broker has that). Cold by filter: the first subscriber sends AT+MQTTSUB, more of them nothing (unless they ask for a better
   * `qos`), the last one to leave AT+MQTTUNSUB, after `keepFor`. Subscribed again after reconnections and restarts of the module; while there is no
   * connection it waits for the next. Routed here by topic: filters that overlap get a message as often as the broker sends it, each. The module escapes
   * nothing: a topic that holds `",` cannot be told from where it ends.
   * A message of more than about 1 KiB (1024 bytes with its header) comes in pieces, each +MQTTSUBRECV of its own and none marked. `fragments: 'join'` puts
   * together what follows a piece that fills that buffer to the byte: wrong only where a message of exactly that length has another of its topic behind it
   * within a second. Without it later pieces come with a wrong topic from 2.4 and 3.3, and may reach nobody. Ends as the session does. Errors: `usage` (topic, queueLimit, keepFor, parameter), `command`/`rejected` with `details.reason`, such as
   * `MQTT_CLIENT_SUBSCRIBE_FAILED` where the module has no room (ten on 4.1), `link` (overflow).
   */
  topic(filter: string, options?: TopicOptions): Observable<MqttMessage>;
  /**
   * Publishes bytes, or text as UTF-8. Cold: each subscription publishes once, emits nothing, and completes when the module says so: with QoS 1 and 2 when
   * the broker has acknowledged. Unsubscribing while it waits sends nothing. Errors: `usage` (topic, payload-limit: 1024 bytes up to 2.1, parameter) and
   * `link`/`offline` before a byte is sent, `command` (rejected with `details.reason`, timeout), `send` (failed: it may have arrived).
   */
  publish(topic: string, payload: Uint8Array | string, options?: PublishOptions): Observable<never>;
}
