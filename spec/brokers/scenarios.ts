import { asyncScheduler, concat, defer, lastValueFrom, mergeMap, type SchedulerLike } from 'rxjs';
import { type AtError, commands, mqtt, type MqttCarrier, type MqttConfig, type MqttMessage, type MqttSession, type MqttVerify } from '../../lib/index.js';
import type { EmulatorConfig } from '../../transports/emulator/index.js';
import { nodeMqtt, nodeNetwork, type TlsFiles } from '../../transports/emulator/node/index.js';
import { caCert, clientCert, clientKey, serverCert } from '../emulator/nodeCertificates.js';
import { opened, until } from '../emulator/nodeHarness.js';
import { nodeModule, type NodeModule } from '../emulator/nodeModule.js';
import { bytes, failure } from '../features/mqttHarness.js';
import { observed } from '../support/joinedModule.js';
import { type Broker, type BrokerConfig, type StartBroker, witness, type Witness } from './broker.js';

const files: TlsFiles = { ca: { 0: caCert }, pki: { 0: { cert: clientCert, key: clientKey } } };

/** A module whose waits, 5 s before a refusal and 10 s before it comes back, take a tenth of that; the host's clock stays what it is. */
const hurried: SchedulerLike = {
  now: () => asyncScheduler.now(),
  schedule: (work: never, delay = 0, state: never) => asyncScheduler.schedule(work, delay / 10, state),
};

interface Bench {
  readonly broker: Broker;
  readonly module: NodeModule;
  readonly witness: Witness;
  readonly config: MqttConfig;
  /** Connects; the session lives until the test is over. */
  connect(config?: Partial<MqttConfig>): Promise<MqttSession>;
}

const told = ({ topic, text }: MqttMessage): string => `${topic} ${text()}`;

/** What every MQTT broker must do with a module through the whole SDK. `carriers`: those that it has. */
export const brokerScenarios = (startBroker: StartBroker, carriers: readonly MqttCarrier[]): void => {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean();
  });

  const benchOf = async (wanted: BrokerConfig = {}, { tls = files, ...emulator }: EmulatorConfig & { readonly tls?: TlsFiles } = {}): Promise<Bench> => {
    const broker = await startBroker(wanted);
    cleanups.push(() => broker.end());
    const seen = await witness(broker);
    cleanups.push(() => seen.end());
    const module = await nodeModule({ timing: { join: 1, dhcp: 1, boot: 20 }, ...emulator, network: nodeNetwork(), mqtt: nodeMqtt({ hosts: { 'server.lab': '127.0.0.1' }, tls }) });
    cleanups.push(() => module.close());
    const config: MqttConfig = { host: 'server.lab', port: broker.port, carrier: wanted.carrier ?? 'tcp', clientId: 'module' };
    return {
      broker, module, witness: seen, config,
      connect: async (more = {}) => (await opened(mqtt(module.at, { ...config, ...more }))).value,
    };
  };
  const heardBy = async ({ witness: { heard } }: Bench, count: number) => {
    await until(() => heard.length >= count);
    return heard;
  };
  /** A topic's messages, once its subscription stands: the module keeps the order of commands. */
  const listened = async ({ module }: Bench, session: MqttSession, filter: string, options: Parameters<MqttSession['topic']>[1] = {}) => {
    const log = observed(session.topic(filter, options));
    await until(() => module.sent.some((line) => line.startsWith('AT+MQTTSUB=')));
    return log;
  };

  const variants: [MqttCarrier, MqttVerify][] = carriers.flatMap((carrier) => (carrier === 'tls' || carrier === 'wss' ? (['none', 'server', 'client', 'both'] as const) : (['none'] as const)).map((verify) => [carrier, verify] as [MqttCarrier, MqttVerify]));

  test.each(variants)('%s, verified: %s', async (carrier, verify) => {
    const bench = await benchOf({ carrier, mutual: verify === 'client' || verify === 'both' });
    const session = await bench.connect({ verify, ...(carrier.startsWith('ws') ? { path: '/mqtt' } : {}) });
    const own = await listened(bench, session, 't/+', { qos: 1 });
    await lastValueFrom(session.publish('t/a', 'over there', { qos: 1 }), { defaultValue: undefined });
    await until(() => own.values.length > 0);
    expect([own.values.map(told), (await heardBy(bench, 1)).map(({ topic }) => topic)]).toEqual([['t/a over there'], ['t/a']]);
    // SNTP goes before the certificate of the broker is looked at.
    expect(bench.module.sent.some((line) => line.startsWith('AT+CIPSNTP'))).toBe(verify === 'server' || verify === 'both');
  }, 20_000);

  describe.each(['2.1.0', '4.1.0'] as const)('on %s', (firmware) => {
    const old = firmware === '2.1.0';

    test('every QoS, retained or not, any bytes of any length, out and back', async () => {
      const bench = await benchOf({}, { firmware });
      const session = await bench.connect({ fragments: 'join' });
      const back = await listened(bench, session, 't/#', { qos: 2 });
      const payloads = [0, 1, 1024, ...(old ? [] : [100_000])].map(bytes);
      const sent = payloads.flatMap((payload) => ([0, 1, 2] as const).map((qos) => ({ topic: `t/${String(payload.length)}/${String(qos)}`, payload, qos, retain: qos === 1 })));
      await lastValueFrom(concat(...sent.map(({ topic, payload, qos, retain }) => defer(() => session.publish(topic, payload, { qos, retain })))), { defaultValue: undefined });
      const heard = await heardBy(bench, sent.length);
      for (const { topic, payload, qos } of sent) {
        const copy = heard.find((found) => found.topic === topic);
        expect([topic, copy?.qos, copy?.payload.equals(payload)]).toEqual([topic, qos, true]);
      }
      await until(() => back.values.length >= sent.length);
      for (const { topic, payload } of sent) expect([topic, Buffer.from(back.values.find((found) => found.topic === topic)?.payload ?? [7]).equals(payload)]).toEqual([topic, true]);
      const late = await witness(bench.broker);
      cleanups.push(() => late.end());
      // An empty retained message is kept by nobody.
      const kept = sent.filter(({ retain, payload }) => retain && payload.length > 0);
      await until(() => late.heard.length >= kept.length);
      expect(late.heard.map(({ topic, retain }) => `${topic} ${String(retain)}`).sort()).toEqual(kept.map(({ topic }) => `${topic} true`).sort());
    }, 30_000);

    test('retained messages, wildcards, and what others publish with each QoS', async () => {
      const bench = await benchOf({}, { firmware });
      await bench.witness.publish('k/old', 'kept', { retain: true, qos: 1 });
      const session = await bench.connect();
      const [all, level] = [observed(session.topic('k/#', { qos: 2 })), observed(session.topic('other/+/b'))];
      await until(() => bench.module.sent.filter((line) => line.startsWith('AT+MQTTSUB=')).length === 2 && all.values.length === 1);
      for (const qos of [0, 1, 2] as const) await bench.witness.publish(`k/q${String(qos)}`, bytes(300 + qos), { qos });
      for (const topic of ['other/a/b', 'other/a', 'k', 'other/a/b/c', 'other/"a, b"/b']) await bench.witness.publish(topic, topic, { qos: 1 });
      await until(() => all.values.length >= 5 && level.values.length >= 2);
      expect(all.values.map(({ topic, payload }) => `${topic} ${String(payload.length)}`)).toEqual(['k/old 4', 'k/q0 300', 'k/q1 301', 'k/q2 302', 'k 1']);
      for (const { topic, payload } of all.values.slice(1, 4)) expect([topic, Buffer.from(payload).equals(bytes(300 + Number(topic.slice(-1))))]).toEqual([topic, true]);
      expect(level.values.map(told)).toEqual(['other/a/b other/a/b', 'other/"a, b"/b other/"a, b"/b']);
    }, 20_000);

    test('quotes, commas and backslashes in every string', async () => {
      const login = { username: 'us"e,r\\', password: 'p"a,s\\s' };
      const bench = await benchOf({ login }, { firmware });
      const will = { topic: 'w"i,l\\l', message: 'g"o,n\\e' } as const;
      const session = await bench.connect({ ...login, will, clientId: 'c"l,i\\ent' });
      const own = await listened(bench, session, 'q"u,o\\te');
      await lastValueFrom(session.publish('q"u,o\\te', '"a", \\b', { qos: 1 }), { defaultValue: undefined });
      await until(() => own.values.length > 0);
      bench.module.board.reset();
      expect((await heardBy(bench, 2)).map(({ topic, payload }) => `${topic} ${payload.toString()}`)).toEqual(['q"u,o\\te "a", \\b', 'w"i,l\\l g"o,n\\e']);
      expect(own.values.map(told)).toEqual(['q"u,o\\te "a", \\b']);
    }, 20_000);

    if (old) {
      test('1,025 bytes are a usage error before one is sent', async () => {
        const bench = await benchOf({}, { firmware });
        const session = await bench.connect();
        const { length } = bench.module.sent;
        const log = observed(session.publish('t', bytes(1025)));
        expect([...failure(log.error).slice(0, 2), bench.module.sent.length]).toEqual(['usage', 'payload-limit', length]);
      }, 20_000);
    }
  });

  test('the last will of a module that lost its power is told, that of one that says goodbye is not', async () => {
    const bench = await benchOf();
    const will = { topic: 'lwt', message: 'gone', qos: 1, retain: true } as const;
    const first = await opened(mqtt(bench.module.at, { ...bench.config, will }));
    first.subscription.unsubscribe();
    const second = await opened(mqtt(bench.module.at, { ...bench.config, will: { ...will, message: 'cut' } }));
    bench.module.board.reset();
    const heard = await heardBy(bench, 1);
    second.subscription.unsubscribe();
    expect(heard.map(({ topic, payload, qos }) => `${topic} ${payload.toString()} ${String(qos)}`)).toEqual(['lwt cut 1']);
    const late = await witness(bench.broker);
    cleanups.push(() => late.end());
    await until(() => late.heard.length > 0);
    expect(late.heard.map(({ topic, payload, retain }) => `${topic} ${payload.toString()} ${String(retain)}`)).toEqual(['lwt cut true']);
  }, 20_000);

  test('nor that of a module that is closed with its session open', async () => {
    const bench = await benchOf();
    await bench.connect({ will: { topic: 'lwt', message: 'gone' } });
    await bench.module.close();
    await bench.witness.publish('end', '');
    expect((await heardBy(bench, 1)).map(({ topic }) => topic)).toEqual(['end']);
    expect(bench.module.sent.slice(-1)).toEqual(['AT+MQTTCLEAN=0']);
  }, 20_000);

  test('what the broker has kept of the last session is delivered by the next', async () => {
    const bench = await benchOf();
    const kept = mqtt(bench.module.at, { ...bench.config, clean: false }).pipe(mergeMap((session) => session.topic('kept', { qos: 1 })));
    const first = observed(kept);
    await bench.witness.publish('kept', 'now', { qos: 1, retain: true });
    await until(() => first.values.length > 0);
    first.leave();
    await lastValueFrom(bench.module.at.exec(commands.mqtt.connectQuery));
    await bench.witness.publish('kept', 'later', { qos: 1 });
    const second = observed(kept);
    await until(() => second.values.some((message) => told(message) === 'kept later'));
    expect(first.values.map(told)).toEqual(['kept now']);
  }, 20_000);

  test('an eleventh subscription errs by name, the ten keep working', async () => {
    const bench = await benchOf();
    const session = await bench.connect();
    const topics = Array.from({ length: 11 }, (_, index) => observed(session.topic(`t/${String(index)}`, { qos: 1 })));
    await until(() => topics[10]?.error !== undefined);
    expect(failure(topics[10]?.error)).toEqual(['command', 'rejected', 'MQTT_CLIENT_SUBSCRIBE_FAILED']);
    for (let index = 10; index >= 0; index -= 1) await bench.witness.publish(`t/${String(index)}`, 'x', { qos: 1 });
    await until(() => topics.slice(0, 10).every(({ values }) => values.length > 0));
    expect(topics.map(({ values }) => values.length)).toEqual([...Array.from({ length: 10 }, () => 1), 0]);
  }, 20_000);

  test('the broker restarts: the session survives it, and its topics are back', async () => {
    const bench = await benchOf({}, { scheduler: hurried });
    const session = await bench.connect();
    const states = observed(session.state);
    const topic = await listened(bench, session, 'a/+', { qos: 1 });
    await lastValueFrom(session.publish('a/own', 'before', { qos: 1 }), { defaultValue: undefined });
    await bench.broker.stop();
    await until(() => states.values.includes('disconnected'));
    const offline = observed(session.publish('a/b', 'nobody hears'));
    expect([...failure(offline.error).slice(0, 2), (offline.error as AtError).retry]).toEqual(['link', 'offline', 'safe']);
    await bench.broker.start();
    await until(() => states.values.length === 3);
    // Behind AT+MQTTSUB?, which asks whether the module still has its topics.
    await lastValueFrom(session.publish('a/own', 'after', { qos: 1 }), { defaultValue: undefined });
    const again = await witness(bench.broker);
    cleanups.push(() => again.end());
    await again.publish('a/b', 'back', { qos: 1 });
    await until(() => topic.values.some((message) => told(message) === 'a/b back'));
    expect(states.values).toEqual(['connected', 'disconnected', 'connected']);
  }, 30_000);

  test('refused credentials are link/refused, and the right ones are let in afterwards', async () => {
    const login = { username: 'user', password: 'right' };
    const bench = await benchOf({ login }, { scheduler: hurried });
    for (const wrong of [{ ...login, password: 'wrong' }, {}]) {
      const refused = observed(mqtt(bench.module.at, { ...bench.config, ...wrong }));
      await until(() => refused.error !== undefined);
      expect([...failure(refused.error).slice(0, 2), (refused.error as AtError).retry]).toEqual(['link', 'refused', 'safe']);
    }
    await lastValueFrom((await bench.connect(login)).publish('t', 'in', { qos: 1 }), { defaultValue: undefined });
    expect((await heardBy(bench, 1)).map(({ topic }) => topic)).toEqual(['t']);
  }, 30_000);

  test.each([
    ['a broker whose certificate another authority has signed', 'server', { ca: { 0: serverCert } }, false],
    ['a module without an authority', 'server', {}, false],
    ['a module that shows no certificate where one is wanted', 'none', files, true],
  ] as [string, MqttVerify, TlsFiles, boolean][])('over TLS %s is link/refused', async (_, verify, tls, mutual) => {
    const bench = await benchOf({ carrier: 'tls', mutual }, { scheduler: hurried, tls });
    const refused = observed(mqtt(bench.module.at, { ...bench.config, verify }));
    await until(() => refused.error !== undefined);
    expect([...failure(refused.error).slice(0, 2), refused.values]).toEqual(['link', 'refused', []]);
  }, 20_000);
};
