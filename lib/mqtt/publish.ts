import { defer, ignoreElements, type Observable, throwError } from 'rxjs';
import { AtError } from '../../operators/atError.js';
import { fromLatin1, latin1 } from '../codec/latin1.js';
import { toWire } from '../codec/wireText.js';
import * as mqtt from '../commands/mqtt.js';
import type { AtModule } from '../module/atModule.js';
import { faultOf } from './fits.js';
import type { Qos } from './mqttConfig.js';
import { named, offline } from './mqttError.js';
import { isTopic } from './topicMatches.js';

/** How a message is published. */
export interface PublishOptions {
  /** Default 0. */
  readonly qos?: Qos;
  /** The broker keeps it for those who subscribe later. Default false. */
  readonly retain?: boolean;
}

const usage = (code: string, message: string, details: Readonly<Record<string, unknown>>): AtError => new AtError({ kind: 'usage', code, message, details });

/** Publishes by AT+MQTTPUB what its line holds unchanged, everything else by AT+MQTTPUBRAW. */
export const publish = (module: AtModule, connected: () => boolean, topic: string, payload: Uint8Array | string, { qos = 0, retain = false }: PublishOptions): Observable<never> =>
  defer((): Observable<unknown> => {
    if (!isTopic(topic)) return throwError(() => usage('topic', 'a message needs a topic without wildcards', { topic }));
    const wire = typeof payload === 'string' ? toWire(payload) : latin1(payload);
    const { length } = wire;
    const limit = module.dialect.capabilities.mqtt.payloadLimit;
    if (length > limit) return throwError(() => usage('payload-limit', `the message has ${String(length)} bytes, the module takes ${String(limit)}`, { topic, length, limit }));
    const text = { link: 0, topic, message: wire, qos, retain };
    const raw = { link: 0, topic, length, qos, retain };
    // An empty message counts as text: AT+MQTTPUBRAW takes none (0x010a604c on 4.1).
    const plain = /^[\x20-\x7e]*$/.test(wire) && faultOf(module, mqtt.publish, text) === undefined;
    const fault = plain ? faultOf(module, mqtt.publish, text) : faultOf(module, mqtt.publishRaw, raw);
    if (fault !== undefined) return throwError(() => fault);
    if (!connected()) return throwError(() => offline());
    return plain ? module.exec(mqtt.publish, text) : module.exec(mqtt.publishRaw, raw, { data: fromLatin1(wire) });
  }).pipe(ignoreElements(), named());
