import { defer, mergeMap, Observable, Subject, take, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import type { AtModule } from '../module/atModule.js';
import { cleanClient } from '../mqtt/connectClient.js';
import type { MqttConfig } from '../mqtt/mqttConfig.js';
import type { MqttSession } from '../mqtt/mqttSession.js';
import { runSession } from '../mqtt/runSession.js';

export type { MqttCarrier, MqttConfig, MqttVerify, MqttWill, Qos } from '../mqtt/mqttConfig.js';
export type { MqttMessage } from '../mqtt/mqttMessage.js';
export type { MqttSession, MqttState } from '../mqtt/mqttSession.js';
export type { Overflow } from '../mailbox/mailbox.js';
export type { PublishOptions } from '../mqtt/publish.js';
export type { TopicOptions } from '../mqtt/topicReader.js';

interface Client {
  /** Unsubscribed, and AT+MQTTCLEAN not answered yet. */
  closing: boolean;
  /** There is something to clean: the first command of the set-up was given. */
  configured: boolean;
  readonly freed: Subject<void>;
}

const clients = new WeakMap<AtModule, Client>();

/** Ends with these when the module has forgotten what was configured. */
const forgotten = ['module', 'transport'];

const hold = (module: AtModule, config: MqttConfig, client: Client): Observable<MqttSession> =>
  new Observable<MqttSession>((subscriber) => {
    const release = (error?: unknown): void => {
      if (client.closing) return;
      client.closing = true;
      const free = (): void => {
        clients.delete(module);
        client.freed.next();
      };
      if (!client.configured || (isAtError(error) && forgotten.includes(error.kind))) return free();
      cleanClient(module).subscribe({ error: free, complete: free });
    };
    const life = runSession(module, config, () => (client.configured = true)).subscribe({
      next: (session) => subscriber.next(session),
      // First of all: whoever tries again on the error waits for the module to be clean.
      error: (error: unknown) => {
        release(error);
        subscriber.error(error);
      },
    });
    return () => {
      life.unsubscribe();
      release();
    };
  });

/**
 * The module's MQTT client, of which there is one. Cold: on subscribe it checks every parameter, sets the clock where certificates are checked, and sends
 * AT+MQTTUSERCFG (long credentials after it, as the dialect has them), AT+MQTTCONNCFG and AT+MQTTCONN; a client that an earlier host has left is cleaned
 * away. Emits one `MqttSession` when the broker has let it in; never completes. With `reconnect` it survives the loss of the broker (the firmware comes back
 * after 10 s) and restarts of the module (configured again as soon as the broker can be reached); subscriptions come back with it. Unsubscribing ends
 * the session's topics and sends AT+MQTTCLEAN in the background, for which another subscription waits; closing the module sends it too.
 * Errors: `usage` (parameter, line-limit, second-client), `unsupported`, `link` (refused by broker or network, lost without `reconnect`, clock), `command`
 * (rejected, with `details.reason`), `module` (reset without `reconnect`), `transport`. Document 000 chapter 9.
 */
export const mqtt = (module: AtModule, config: MqttConfig): Observable<MqttSession> => {
  const open: Observable<MqttSession> = defer((): Observable<MqttSession> => {
    const other = clients.get(module);
    if (other?.closing === true) return other.freed.pipe(take(1), mergeMap(() => open));
    if (other !== undefined) return throwError(() => new AtError({ kind: 'usage', code: 'second-client', message: 'the module has one MQTT client, which is in use' }));
    const client: Client = { closing: false, configured: false, freed: new Subject<void>() };
    clients.set(module, client);
    return hold(module, config, client);
  });
  return open;
};
