import type { Observable } from 'rxjs';
import { fromLatin1 } from '../codec/latin1.js';
import { toWire } from '../codec/wireText.js';
import type { AtError } from '../../operators/atError.js';
import * as mqtt from '../commands/mqtt.js';
import type { AtModule } from '../module/atModule.js';
import { faultOf } from './fits.js';
import { type MqttConfig, schemeOf } from './mqttConfig.js';

type Name = 'clientId' | 'username' | 'password';

/** One command of the set-up, or why it cannot be sent. */
export interface Step {
  readonly fault: AtError | undefined;
  readonly send: () => Observable<unknown>;
}

/** Stands in AT+MQTTUSERCFG for what a command of its own brings; an empty one may count as missing (0x010a6015). */
const placeholder = '-';
const link = 0;

/** A credential by a command of its own: as text where a line holds it, else after a prompt where the dialect has that. */
const byItself = (module: AtModule, name: Name, value: string): Step => {
  const commands = {
    clientId: [mqtt.clientId, { link, clientId: value }, mqtt.longClientId],
    username: [mqtt.username, { link, username: value }, mqtt.longUsername],
    password: [mqtt.password, { link, password: value }, mqtt.longPassword],
  } as const;
  const [command, params, long] = commands[name];
  const fault = faultOf<unknown>(module, command, params);
  if (fault === undefined || !module.dialect.capabilities.mqtt.longCredentials) return { fault, send: () => module.exec<unknown, unknown>(command, params) };
  const data = fromLatin1(toWire(value));
  const announced = { link, length: data.length };
  return { fault: faultOf(module, long, announced), send: () => module.exec(long, announced, { data }) };
};

/** AT+MQTTUSERCFG and, for what it does not hold, the commands after it: the longest first. */
export const credentialSteps = (module: AtModule, config: MqttConfig): readonly Step[] => {
  const { clientId, username = '', password = '', path = '' } = config;
  const values: Readonly<Record<Name, string>> = { clientId, username, password };
  const scheme = schemeOf(config) ?? 'tcp';
  const alone = new Set<Name>();
  const user = (): { readonly fault: AtError | undefined; readonly send: () => Observable<unknown> } => {
    const shown = (name: Name): string => (alone.has(name) ? placeholder : values[name]);
    const params = { link, scheme, clientId: shown('clientId'), username: shown('username'), password: shown('password'), certificate: 0, authority: 0, path };
    return { fault: faultOf(module, mqtt.configure, params), send: () => module.exec(mqtt.configure, params) };
  };
  const order = (Object.keys(values) as Name[]).sort((a, b) => toWire(values[b]).length - toWire(values[a]).length);
  for (let fault = user().fault; fault !== undefined; fault = user().fault) {
    const parameter = fault.details['parameter'];
    // A value that is no text of these limits goes alone, and so does the longest one of a line that is too long.
    const name = fault.code === 'line-limit' ? order.find((found) => !alone.has(found)) : order.find((found) => found === parameter);
    if (name === undefined || alone.has(name)) break;
    alone.add(name);
  }
  return [user(), ...order.filter((name) => alone.has(name)).map((name) => byItself(module, name, values[name]))];
};

