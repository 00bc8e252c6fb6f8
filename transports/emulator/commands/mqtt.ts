import { map, Observable } from 'rxjs';
import { error, ok, text, type Outcome } from '../outcome.js';
import type { Call, Handler, Row } from '../device.js';
import { bytesOf } from '../format.js';
import type { MqttQos, MqttSession } from '../network/mqttClient.js';
import { errorCode, Refusal } from '../refusal.js';
import { collect } from '../tcpip/collect.js';
import { utf8Text } from '../utf8Text.js';
import { mqttConfiguring } from './mqttConfig.js';
import { mqttCounted, mqttError, readHost, readInt, readLink, readPatience, readQos, readText, readTopic, refuse } from './mqttShared.js';

/** How many topics one client can hold. */
const mostSubscriptions = 10;
/** What a 4.1 has left for one message. */
const heap = 100_000;

/** The connection; without one the command fails before its other parameters are looked at (4.1). */
const connected = (call: Call): MqttSession => {
  readLink(call);
  return call.device.applications.mqtt.connected ?? refuse(mqttError.nullLink);
};

/** Waits for the broker's answer: emits `done()`, or `failed` when the connection ends or the time is up. */
const answered = ({ device }: Call, exchange: Observable<never>, patience: number, done: () => Outcome, failed: Outcome): Observable<Outcome> =>
  new Observable<Outcome>((subscriber) => {
    const end = (outcome: Outcome): void => {
      subscriber.next(outcome);
      subscriber.complete();
    };
    subscriber.add(device.after(patience, () => end(failed)));
    subscriber.add(exchange.subscribe({ error: () => end(failed), complete: () => end(done()) }));
  });

const failure = (code: number): Outcome => error(errorCode.failed + code);

const connect: Handler = (call) => {
  const { mqtt } = call.device.applications;
  mqttCounted(call, 4, call.device.profile.release < 22 ? 4 : 5);
  readLink(call);
  // An open connection has this code too (4.1), not 0x6004.
  if (mqtt.state !== 1 && mqtt.state !== 2) refuse(mqttError.noConfigured);
  const target = {
    host: readHost(call, 1),
    port: readInt(call, 2, mqttError.port, { min: 1, max: 65535 }),
    reconnect: readInt(call, 3, mqttError.reconnect),
  };
  return mqtt.connect(target, readPatience(call, 4)).pipe(map((done) => (done ? ok() : error())));
};

const showConnection: Handler = ({ device, name, print }) => {
  const { state, user, connection } = device.applications.mqtt;
  const target = connection ? `"${connection.host}","${connection.port}","${user?.path ?? ''}",${connection.reconnect}` : '"","","",0';
  print(`${name}:0,${state},${user?.scheme ?? 0},${target}\r\n`);
  return ok();
};

interface Publication { readonly session: MqttSession; readonly topic: string; readonly qos: MqttQos; readonly retain: boolean; readonly patience: number }

/** Reads what stands around the data of AT+MQTTPUB and AT+MQTTPUBRAW. */
const publication = <T>(call: Call, read: () => T): Publication & { readonly data: T } => {
  mqttCounted(call, 5, call.device.profile.release < 22 ? 5 : 6);
  const session = connected(call);
  const topic = utf8Text(readTopic(call, 1));
  const data = read();
  return { session, topic, data, qos: readQos(call, 3), retain: readInt(call, 4, mqttError.retain) === 1, patience: readPatience(call, 5) };
};

const publish: Handler = (call) => {
  const { session, topic, data, qos, retain, patience } = publication(call, () => readText(call, 2, mqttError.data, 256));
  return answered(call, session.publish({ topic, payload: bytesOf(data), qos, retain }), patience, () => ok(), failure(mqttError.publish));
};

const publishRaw: Handler = (call) => {
  const { device } = call;
  const old = device.profile.release < 22;
  const { session, topic, data: length, qos, retain, patience } = publication(call, () => readInt(call, 2, mqttError.length, { min: 1, max: old ? 1024 : 0x7fffffff }));
  if (length > heap) refuse(mqttError.memory);
  const phase = collect(device, length, (payload) =>
    answered(call, session.publish({ topic, payload, qos, retain }), patience, () => text('+MQTTPUB:OK\r\n'), text('+MQTTPUB:FAIL\r\n')),
  );
  return { kind: 'prompt', ...phase };
};

const subscribe: Handler = (call) => {
  const { mqtt } = call.device.applications;
  mqttCounted(call, 3);
  const session = connected(call);
  const topic = readTopic(call, 1);
  const qos = readQos(call, 2);
  const known = mqtt.subscriptions.has(topic);
  if (known) call.device.log('ALREADY SUBSCRIBE\r');
  else if (mqtt.subscriptions.size >= mostSubscriptions) {
    call.device.log('ALREADY FULL SUBSCRIBE\r');
    refuse(mqttError.subscribe);
  }
  const done = (): Outcome => {
    mqtt.subscribed(topic, qos);
    return ok();
  };
  return answered(call, session.subscribe(utf8Text(topic), qos), readPatience(call, 3), done, failure(mqttError.subscribe));
};

const unsubscribe: Handler = (call) => {
  const { mqtt } = call.device.applications;
  mqttCounted(call, 2);
  const session = connected(call);
  const topic = readTopic(call, 1);
  if (!mqtt.subscriptions.has(topic)) call.device.log('NO UNSUBSCRIBE\r');
  const done = (): Outcome => {
    mqtt.unsubscribed(topic);
    return ok();
  };
  return answered(call, session.unsubscribe(utf8Text(topic)), readPatience(call, 2), done, failure(mqttError.unsubscribe));
};

export const mqtt: readonly Row[] = [
  ...mqttConfiguring,
  { name: '+MQTTCONN', group: 'mqtt', query: showConnection, set: connect },
  { name: '+MQTTPUB', group: 'mqtt', set: publish },
  { name: '+MQTTPUBRAW', group: 'mqtt', set: publishRaw },
  {
    name: '+MQTTSUB', group: 'mqtt',
    query: ({ device, name, print }) => {
      const { state, subscriptions } = device.applications.mqtt;
      if (subscriptions.size === 0) print(`${name}:0,${state},"",0\r\n`);
      for (const [topic, qos] of subscriptions) print(`${name}:0,${state},"${topic}",${qos}\r\n`);
      return ok();
    },
    set: subscribe,
  },
  { name: '+MQTTUNSUB', group: 'mqtt', set: unsubscribe },
  {
    name: '+MQTTCLEAN', group: 'mqtt',
    set: (call) => {
      const client = call.device.applications.mqtt;
      if (call.args.count !== 1) throw new Refusal(errorCode.failed + mqttError.count);
      readLink(call);
      if (client.state === 0) refuse(mqttError.alreadyClean);
      client.clean();
      return ok();
    },
  },
];
