import { catchError, concat, defer, EMPTY, ignoreElements, type Observable, tap, throwError } from 'rxjs';
import { AtError, isAtError } from '../../operators/atError.js';
import * as mqtt from '../commands/mqtt.js';
import type { AtModule } from '../module/atModule.js';
import { setClock } from '../socket/setClock.js';
import { credentialSteps, type Step } from './credentials.js';
import { faultOf } from './fits.js';
import { type MqttConfig, type MqttVerify, portOf, schemeOf } from './mqttConfig.js';
import { mqttReasonsOf, named } from './mqttError.js';
import { isTopic } from './topicMatches.js';

const link = 0;

const usage = (parameter: string, message: string): AtError => new AtError({ kind: 'usage', code: 'parameter', message, details: { parameter } });

/** The broker's certificate is checked. */
const judges = (verify: MqttVerify | undefined): boolean => verify === 'server' || verify === 'both';

const configFault = (config: MqttConfig): AtError | undefined => {
  const { clientId, will, carrier = 'tcp', verify = 'none', path, clock } = config;
  if (clientId === '') return usage('clientId', 'a client has an ID of at least 1 byte');
  if (schemeOf(config) === undefined) return usage('verify', `nothing is verified over ${carrier}`);
  if (path !== undefined && path !== '' && (carrier === 'tcp' || carrier === 'tls')) return usage('path', 'only a WebSocket has a path');
  if (will !== undefined && !isTopic(will.topic)) return usage('will', 'a last will needs a topic without wildcards');
  return clock !== undefined && clock !== false && !judges(verify)
    ? usage('clock', 'the clock is set for `verify: server` and `both` only')
    : undefined;
};

/** Whether the module has a client that an earlier host has left; without AT+SYSLOG=1 it does not say. */
const leftBehind = (error: unknown): boolean => {
  if (!isAtError(error, 'command') || error.code !== 'rejected') return false;
  const codes = error.details['codes'];
  return (Array.isArray(codes) && codes.length === 0) || mqttReasonsOf(error).some((reason) => reason === 'MQTT_NOT_IN_CONFIGURED_STATE' || reason === 'MQTT_ALREADY_CONNECTED');
};

/** Sends AT+MQTTCLEAN; what is clean already is refused, which is as good. */
export const cleanClient = (module: AtModule): Observable<never> =>
  defer(() => module.exec(mqtt.clean, { link })).pipe(
    ignoreElements(),
    catchError((error: unknown) => (isAtError(error, 'command') && error.code === 'rejected' ? EMPTY : throwError(() => error))),
  );

const refused = (host: string, port: number) => (cause: unknown): Observable<never> =>
  throwError(() =>
    isAtError(cause, 'command') && cause.code === 'rejected' && mqttReasonsOf(cause).length === 0
      ? new AtError({
          kind: 'link',
          code: 'refused',
          message: `${host}:${String(port)} is no broker that lets the module in: address, certificates, client ID, user or password`,
          retry: 'safe',
          cause,
          details: { host, port },
        })
      : cause,
  );

/** Configures the client, which `begun` is told before, and connects it; every parameter is checked before a byte is sent. Completes with the OK of AT+MQTTCONN. */
export const connectClient = (module: AtModule, config: MqttConfig, begun: () => void): Observable<never> =>
  defer(() => {
    const { host, keepAlive = 120, clean = true, will, reconnect = true, clock = {}, verify } = config;
    const port = portOf(config);
    const lasting = {
      keepAlive,
      persistent: !clean,
      willTopic: will?.topic ?? '',
      willMessage: will?.message ?? '',
      willQos: will?.qos ?? 0,
      willRetain: will?.retain ?? false,
    };
    const target = { link, host, port, reconnect };
    const steps: readonly Step[] = [
      ...credentialSteps(module, config),
      { fault: faultOf(module, mqtt.session, { link, ...lasting }), send: () => module.exec(mqtt.session, { link, ...lasting }) },
      { fault: faultOf(module, mqtt.connect, target), send: () => module.exec(mqtt.connect, target).pipe(catchError(refused(host, port))) },
    ];
    const fault = configFault(config) ?? steps.find((step) => step.fault !== undefined)?.fault;
    if (fault !== undefined) return throwError(() => fault);
    const [configuring, ...rest] = steps.map(({ send }) => defer(send));
    if (configuring === undefined) return EMPTY;
    const first = configuring.pipe(tap({ subscribe: begun }));
    return concat(
      judges(verify) && clock !== false ? setClock(module, clock) : EMPTY,
      first.pipe(catchError((error: unknown) => (leftBehind(error) ? concat(cleanClient(module), first) : throwError(() => error)))),
      ...rest,
    ).pipe(ignoreElements(), named());
  });
