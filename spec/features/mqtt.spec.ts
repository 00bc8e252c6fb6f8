import { concat } from 'rxjs';
import { type AtError, commands, mqtt, type MqttConfig } from '../../lib/index.js';
import type { MqttConnectOptions } from '../../transports/emulator/index.js';
import { observed } from '../support/joinedModule.js';
import { basics, bytes, connect, failure, mqttBench, type MqttBench } from './mqttHarness.js';

const user = 'AT+MQTTUSERCFG=0,1,"cid","","",0,0,""';

describe.each(['2.1.0', '4.1.0'] as const)('mqtt on %s', (firmware) => {
  const old = firmware === '2.1.0';

  describe('connecting', () => {
    it('configures, connects, emits one session, and cleans up behind itself', () => {
      const bench = mqttBench({ firmware });
      const { log, session } = connect(bench);
      const states = observed(session.state);
      expect(bench.mqttLines()).toEqual([user, 'AT+MQTTCONNCFG=0,120,0,"","",0,0', 'AT+MQTTCONN=0,"broker.lab",1883,1']);
      expect([log.values.length, log.completed, bench.broker.clients]).toEqual([1, false, ['cid']]);
      const messages = observed(session.topic('a'));
      bench.run(1000);
      log.leave();
      bench.run(1000);
      expect(bench.mqttLines().slice(3)).toEqual(['AT+MQTTSUB=0,"a",0', 'AT+MQTTCLEAN=0']);
      expect([bench.broker.clients, states.values, states.completed, messages.completed]).toEqual([[], ['connected'], true, true]);
      const late: unknown[] = [];
      session.topic('a').subscribe({ error: (error: unknown) => late.push(failure(error).slice(0, 2)) });
      session.publish('a', 'b').subscribe({ error: (error: unknown) => late.push(failure(error).slice(0, 2)) });
      expect(late).toEqual([['link', 'closed'], ['link', 'offline']]);
    });

    it.each<[Partial<MqttConfig>, number, string]>([
      [{}, 1, 'tcp'], [{ carrier: 'tls' }, 2, 'tcp 0'], [{ carrier: 'tls', verify: 'server' }, 3, 'tcp 2'], [{ carrier: 'tls', verify: 'client' }, 4, 'tcp 1'],
      [{ carrier: 'tls', verify: 'both' }, 5, 'tcp 3'], [{ carrier: 'ws' }, 6, 'websocket'], [{ carrier: 'wss' }, 7, 'websocket 0'], [{ carrier: 'wss', verify: 'server' }, 8, 'websocket 2'],
      [{ carrier: 'wss', verify: 'client' }, 9, 'websocket 1'], [{ carrier: 'wss', verify: 'both' }, 10, 'websocket 3'],
    ])('%j is scheme %d', (config, scheme, carried) => {
      const seen: string[] = [];
      const bench = mqttBench({ firmware }, { accept: ({ carrier, tls }) => seen.push(`${carrier} ${tls?.authMode ?? ''}`.trim()) > 0 });
      connect(bench, { ...config, ...(config.verify === 'server' || config.verify === 'both' ? { clock: false } : {}) });
      expect(bench.mqttLines()[0]).toContain(`AT+MQTTUSERCFG=0,${String(scheme)},`);
      expect(seen).toEqual([carried]);
    });

    it.each([['tcp', 1883], ['tls', 8883], ['ws', 80], ['wss', 443]] as const)('over %s the port is %d unless given', (carrier, port) => {
      const bench = mqttBench({ firmware });
      connect(bench, { carrier });
      expect(bench.mqttLines().at(-1)).toBe(`AT+MQTTCONN=0,"broker.lab",${String(port)},1`);
    });

    it('hands over credentials, last will, session and keep-alive', () => {
      const seen: MqttConnectOptions[] = [];
      const bench = mqttBench({ firmware }, { accept: (options) => seen.push(options) > 0 });
      const will = { topic: 'gone/"a",b', message: 'bye, "you"', qos: 1, retain: true } as const;
      connect(bench, { username: 'us,er', password: 'pa"ss\\word', clean: false, keepAlive: 30, will, carrier: 'ws', port: 8083, path: '/mqtt' });
      const [first] = seen;
      if (first === undefined) throw new Error('nobody came');
      const { password, ...rest } = first;
      expect(String.fromCharCode(...password)).toBe('pa"ss\\word');
      expect(rest).toMatchObject({ host: 'broker.lab', port: 8083, carrier: 'websocket', path: '/mqtt', clientId: 'cid', username: 'us,er', keepAlive: 30, clean: false });
      expect({ ...rest.will, payload: String.fromCharCode(...(rest.will?.payload ?? [])) }).toEqual({ topic: 'gone/"a",b', payload: 'bye, "you"', qos: 1, retain: true });
      expect(bench.trace.join('\n')).not.toMatch(/pa.?"ss/);
    });

    it('brings long credentials by the means of the dialect', () => {
      const seen: string[] = [];
      const bench = mqttBench({ firmware }, { accept: ({ clientId, username, password }) => seen.push(clientId, username, String.fromCharCode(...password)) > 0 });
      const long = old ? 200 : 1024;
      const config = { clientId: 'c'.repeat(long), username: 'u'.repeat(long), password: 'secret'.repeat(30) };
      connect(bench, config);
      expect(seen).toEqual(Object.values(config));
      const names = bench.mqttLines().map((line) => line.split('=')[0]);
      expect(names).toEqual(
        old
          ? ['AT+MQTTUSERCFG', 'AT+MQTTUSERNAME', 'AT+MQTTPASSWORD', 'AT+MQTTCONNCFG', 'AT+MQTTCONN']
          : ['AT+MQTTUSERCFG', 'AT+MQTTLONGCLIENTID', 'AT+MQTTLONGUSERNAME', 'AT+MQTTPASSWORD', 'AT+MQTTCONNCFG', 'AT+MQTTCONN'],
      );
      expect(bench.trace.join('\n')).not.toContain('secret');
    });

    it.each([
      ['clientId', { clientId: '' }], ['verify', { verify: 'server' }], ['path', { path: '/mqtt' }], ['clock', { clock: {} }], ['will', { will: { topic: 'a/#', message: '' } }],
      ['willTopic', { will: { topic: 't'.repeat(old ? 65 : 129), message: '' } }], ['host', { host: '' }], ['port', { port: 65_536 }], ['keepAlive', { keepAlive: 7201 }],
      ['path', { carrier: 'ws', path: 'p'.repeat(33) }], ...(old ? [['clientId', { clientId: 'c'.repeat(257) }]] : []),
    ] as [string, Partial<MqttConfig>][])('a wrong %s is found before a byte is sent', (parameter, config) => {
      const bench = mqttBench({ firmware });
      const log = observed(mqtt(bench.at, { ...basics, ...config }));
      bench.run(1000);
      expect([(log.error as AtError).kind, (log.error as AtError).details['parameter']]).toEqual(['usage', parameter]);
      expect(bench.mqttLines()).toEqual([]);
      // The next one is not in its way.
      expect(connect(bench).log.values).toHaveLength(1);
    });

    it('puts as few credentials as it must in commands of their own, the longest first', () => {
      const names = (config: Partial<MqttConfig>) => {
        const seen: string[] = [];
        const bench = mqttBench({ firmware }, { accept: ({ clientId, username, password }) => seen.push(clientId, username, String.fromCharCode(...password)) > 0 });
        connect(bench, config);
        expect(seen).toEqual([config.clientId, config.username, config.password]);
        return bench.mqttLines().map((line) => (line.split('=')[0] ?? '').slice('AT+MQTT'.length)).slice(1, -2);
      };
      expect(names({ clientId: 'c'.repeat(150), username: 'u'.repeat(64), password: 'p'.repeat(20) })).toEqual(['CLIENTID']);
      expect(names({ clientId: 'c', username: 'u'.repeat(65), password: 'p'.repeat(64) })).toEqual(['USERNAME']);
    });

    it('refused credentials are link/refused, and the module is clean for another attempt', () => {
      const bench = mqttBench({ firmware }, { accept: ({ password }) => String.fromCharCode(...password) === 'right' });
      const log = observed(mqtt(bench.at, { ...basics, username: 'u', password: 'wrong' }));
      bench.run(20_000);
      expect(failure(log.error).slice(0, 2)).toEqual(['link', 'refused']);
      expect((log.error as AtError).retry).toBe('safe');
      expect(bench.mqttLines().slice(-1)).toEqual(['AT+MQTTCLEAN=0']);
      expect(connect(bench, { username: 'u', password: 'right' }).log.values).toHaveLength(1);
    });

    it('what the module names as the reason is not taken for the broker', () => {
      const bench = mqttBench({ firmware });
      bench.module.faults.add({ when: (event) => event.point === 'command' && event.line.startsWith('AT+MQTTCONN='), act: { do: 'error', code: 0x010a6005 } });
      const log = observed(mqtt(bench.at, basics));
      bench.run(20_000);
      expect(failure(log.error)).toEqual(['command', 'rejected', 'MQTT_MALLOC_FAILED']);
    });

    it('the module tells its state by name, from nothing to subscribed and back', () => {
      const bench = mqttBench({ firmware });
      const states: unknown[] = [];
      const look = (): void => {
        bench.at.exec(commands.mqtt.connectQuery).subscribe(({ state }) => states.push(state));
        bench.run(100);
      };
      const { configure, session, clean } = commands.mqtt;
      const user = { link: 0, scheme: 'tcp', clientId: 'cid', username: '', password: '', certificate: 0, authority: 0, path: '' } as const;
      look();
      bench.at.exec(configure, user).subscribe();
      look();
      bench.at.exec(session, { link: 0, keepAlive: 60, persistent: false, willTopic: '', willMessage: '', willQos: 0, willRetain: false }).subscribe();
      look();
      bench.at.exec(clean, { link: 0 }).subscribe();
      const connected = connect(bench);
      look();
      const topic = observed(connected.session.topic('t'));
      look();
      topic.leave();
      look();
      bench.broker.cut();
      look();
      expect(states).toEqual(['none', 'user-configured', 'connection-configured', 'connected', 'subscribed', 'connected, nothing subscribed', 'disconnected']);
    });

    it('is one client: a second one errs, one that follows waits for AT+MQTTCLEAN', () => {
      const bench = mqttBench({ firmware });
      const { log } = connect(bench);
      const second = observed(mqtt(bench.at, basics));
      expect(failure(second.error).slice(0, 2)).toEqual(['usage', 'second-client']);
      log.leave();
      const third = observed(mqtt(bench.at, { ...basics, clientId: 'next' }));
      bench.run(5000);
      expect([third.error, third.values.length, bench.broker.clients]).toEqual([undefined, 1, ['next']]);
    });

    it('cleans away what an earlier host has left', () => {
      const bench = mqttBench({ firmware });
      const { configure, connect: join } = commands.mqtt;
      const before = { link: 0, scheme: 'tcp', clientId: 'before', username: '', password: '', certificate: 0, authority: 0, path: '' } as const;
      concat(bench.at.exec(configure, before), bench.at.exec(join, { link: 0, host: 'broker.lab', port: 1883, reconnect: true })).subscribe();
      bench.run(5000);
      expect(bench.broker.clients).toEqual(['before']);
      bench.sent.splice(0);
      connect(bench);
      expect(bench.mqttLines().slice(0, 3)).toEqual([user, 'AT+MQTTCLEAN=0', user]);
      expect(bench.broker.clients).toEqual(['cid']);
    });

    it('and where the module does not say why it refuses', () => {
      const bench = mqttBench({ firmware });
      bench.module.faults.add({ when: (event) => event.point === 'command' && event.line.startsWith('AT+MQTTUSERCFG'), times: 1, act: { do: 'error' } });
      connect(bench);
      expect(bench.mqttLines().slice(0, 3)).toEqual([user, 'AT+MQTTCLEAN=0', user]);
    });

    it('a connection that is lost before its OK is no session, without reconnect', () => {
      const bench = mqttBench({ firmware });
      bench.module.faults.add({ when: (event) => event.point === 'output' && event.text.startsWith('+MQTTCONNECTED'), times: 1, act: { do: 'replace', text: '+MQTTCONNECTED:0,1,"broker.lab","1883","",0\r\n+MQTTDISCONNECTED:0\r\n' } });
      const log = observed(mqtt(bench.at, { ...basics, reconnect: false }));
      bench.run(5000);
      expect([log.values.length, ...failure(log.error).slice(0, 2), bench.mqttLines().at(-1)]).toEqual([0, 'link', 'lost', 'AT+MQTTCLEAN=0']);
    });

    it('ends with the module', () => {
      const bench = mqttBench({ firmware });
      const { log, session } = connect(bench);
      const messages = observed(session.topic('a'));
      const states = observed(session.state);
      bench.at.close().subscribe();
      bench.run(5000);
      for (const { error } of [log, messages, states]) expect(failure(error).slice(0, 2)).toEqual(['module', 'closed']);
    });

    it.each([
      ['is closed', ({ at }) => at.close().subscribe()],
      ['is unsubscribed', (bench) => bench.end()],
    ] as [string, (bench: MqttBench) => void][])('says goodbye when the module %s, so that the last will stays with the broker', (_, close) => {
      const bench = mqttBench({ firmware });
      connect(bench, { will: { topic: 'lwt', message: 'gone' } });
      bench.sent.splice(0);
      close(bench);
      bench.run(5000);
      expect([bench.mqttLines(), bench.broker.clients, bench.published]).toEqual([['AT+MQTTCLEAN=0'], [], []]);
    });

    it.each([['is over', 1000], ['is ending', 0]] as const)('closing says no second goodbye where the session %s', (_, later) => {
      const bench = mqttBench({ firmware });
      const { log } = connect(bench);
      bench.sent.splice(0);
      log.leave();
      if (later > 0) bench.run(later);
      bench.end();
      bench.run(5000);
      expect(bench.mqttLines()).toEqual(['AT+MQTTCLEAN=0']);
    });

    it('a certificate is judged by a clock that is set first, or not at all', () => {
      const now = Date.UTC(2026, 0, 1) / 1000;
      const sent = (carrier: 'tls' | 'wss', config: Partial<MqttConfig>, time?: number) => {
        const bench = mqttBench({ firmware }, {}, time === undefined ? {} : { time });
        bench.sent.splice(0);
        const log = observed(mqtt(bench.at, { ...basics, carrier, ...config }));
        bench.run(60_000);
        return { log, lines: bench.sent.filter((line) => /^AT\+(CIPSNTP|MQTT)/.test(line)).map((line) => line.replace(/,"cid".*/, '')) };
      };
      const clock = { servers: ['pool.ntp.org'], timezone: 2 };
      for (const [carrier, scheme] of [['tls', 3], ['wss', 8]] as const) {
        const set = sent(carrier, { verify: 'server', clock }, now);
        const [configured, asked] = [set.lines.indexOf(`AT+MQTTUSERCFG=0,${String(scheme)}`), set.lines.indexOf('AT+CIPSNTPCFG=1,2,"pool.ntp.org"')];
        expect([set.log.values.length, asked >= 0, configured > asked, set.lines.slice(configured).filter((line) => line.includes('SNTP'))]).toEqual([1, true, true, []]);
      }
      for (const verify of ['server', 'both'] as const) {
        const never = sent('tls', { verify });
        // Nothing was configured, so nothing is cleaned.
        expect([...failure(never.log.error).slice(0, 2), never.lines.filter((line) => line.startsWith('AT+MQTT'))]).toEqual(['link', 'clock', []]);
      }
      for (const config of [{ verify: 'client' }, { verify: 'server', clock: false }, {}] as const) {
        const unasked = sent('tls', config);
        expect([unasked.log.values.length, unasked.lines.filter((line) => line.includes('SNTP'))]).toEqual([1, []]);
      }
    });
  });

  describe('publishing', () => {
    const publishing = (topic: string, payload: string | Uint8Array, options: { readonly qos?: 0 | 1 | 2; readonly retain?: boolean } = {}) => {
      const bench = mqttBench({ firmware });
      const heard: { topic: string; payload: Uint8Array }[] = [];
      bench.broker.messages.subscribe((message) => heard.push(message));
      const { session } = connect(bench);
      bench.sent.splice(0);
      const log = observed(session.publish(topic, payload, options));
      bench.run(60_000);
      return { bench, heard, log, session };
    };

    it.each<[string, string | Uint8Array, string]>([
      ['nothing', '', 'AT+MQTTPUB=0,"t/x","",1,1'],
      ['no bytes', new Uint8Array(0), 'AT+MQTTPUB=0,"t/x","",1,1'],
      ['text', 'a, "b" \\', 'AT+MQTTPUB=0,"t/x","a\\, \\"b\\" \\\\",1,1'],
      ['bytes that are text', Uint8Array.of(0x68, 0x69), 'AT+MQTTPUB=0,"t/x","hi",1,1'],
      ['one byte', Uint8Array.of(0), 'AT+MQTTPUBRAW=0,"t/x",1,1,1'],
      ['lines', 'a\r\nOK\r\n', 'AT+MQTTPUBRAW=0,"t/x",7,1,1'],
      ['UTF-8', 'grün', 'AT+MQTTPUBRAW=0,"t/x",5,1,1'],
      ['text that no line holds', 'x'.repeat(240), 'AT+MQTTPUBRAW=0,"t/x",240,1,1'],
      ['1024 arbitrary bytes', bytes(1024), 'AT+MQTTPUBRAW=0,"t/x",1024,1,1'],
      ...(old ? [] : [['100,000 bytes', bytes(100_000), 'AT+MQTTPUBRAW=0,"t/x",100000,1,1'] as [string, Uint8Array, string]]),
    ])('%s', (_, payload, line) => {
      const { bench, heard, log } = publishing('t/x', payload, { qos: 1, retain: true });
      expect(bench.mqttLines()).toEqual([line]);
      expect([log.error, log.completed, heard.length]).toEqual([undefined, true, 1]);
      const expected = typeof payload === 'string' ? new TextEncoder().encode(payload) : payload;
      expect(heard[0]).toMatchObject({ topic: 't/x', qos: 1, retain: true });
      expect(Buffer.compare(Buffer.from(heard[0]?.payload ?? []), Buffer.from(expected))).toBe(0);
    });

    it.each([0, 1, 2] as const)('with QoS %d', (qos) => {
      const { bench, log } = publishing('t', 'x', { qos });
      expect([log.completed, bench.published]).toEqual([true, [`t x ${String(qos)} false`]]);
    });

    it('publishes once for each subscription, and nothing for one that has left', () => {
      const { bench, session } = publishing('t', 'x');
      const again = session.publish('t', 'y');
      again.subscribe();
      again.subscribe().unsubscribe();
      again.subscribe();
      bench.run(1000);
      expect(bench.published).toEqual(['t x 0 false', 't y 0 false', 't y 0 false']);
    });

    it('refuses topics with wildcards, or longer than the dialect takes, before a byte is sent', () => {
      for (const [topic, code] of [['a/+', 'topic'], ['#', 'topic'], ['', 'topic'], ['t'.repeat(old ? 65 : 129), 'parameter']] as const) {
        const { bench, log } = publishing(topic, 'x');
        expect([(log.error as AtError).kind, (log.error as AtError).code, bench.mqttLines()]).toEqual(['usage', code, []]);
      }
    });

    it(old ? 'refuses 1,025 bytes before one is sent' : 'says so when the module has no room', () => {
      const { bench, log } = publishing('t', old ? bytes(1025) : bytes(100_001));
      expect(failure(log.error)).toEqual(old ? ['usage', 'payload-limit', undefined] : ['command', 'rejected', 'MQTT_MALLOC_FAILED']);
      expect(bench.mqttLines()).toHaveLength(old ? 0 : 1);
    });

    it('is link/offline while the broker is away, and send/failed where it goes in between', () => {
      const { bench, session } = publishing('t', 'x');
      const during = observed(session.publish('t', bytes(900), { qos: 1 }));
      bench.run(1);
      bench.broker.stop();
      bench.run(1000);
      expect(failure(during.error).slice(0, 2)).toEqual(['send', 'failed']);
      expect((during.error as AtError).retry).toBe('unknown');
      const lines = bench.mqttLines().length;
      const after = observed(session.publish('t', 'x'));
      bench.run(1000);
      expect([...failure(after.error).slice(0, 2), (after.error as AtError).retry]).toEqual(['link', 'offline', 'safe']);
      expect(bench.mqttLines()).toHaveLength(lines);
    });
  });
});
