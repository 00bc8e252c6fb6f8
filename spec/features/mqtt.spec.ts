import { map, Subject, take } from 'rxjs';
import { type AtError, mqtt, type MqttConfig } from '../../lib/index.js';
import type { MqttConnectOptions } from '../../transports/emulator/index.js';
import { observed } from '../support/joinedModule.js';
import { basics, connect, failure, mqttBench, told } from './mqttHarness.js';

const bytes = (length: number): Uint8Array => Uint8Array.from({ length }, (_, index) => (index * 7 + (index >> 8)) & 0xff);
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

    it('hands over credentials, last will, session and keep-alive', () => {
      const seen: MqttConnectOptions[] = [];
      const bench = mqttBench({ firmware }, { accept: (options) => seen.push(options) > 0 });
      const will = { topic: 'gone/"a",b', message: 'bye, "you"', qos: 1, retain: true } as const;
      connect(bench, { username: 'us,er', password: 'pa"ss\\word', clean: false, keepAlive: 30, will, carrier: 'ws', port: 8083, path: '/mqtt' });
      const [{ password, ...rest } = { password: new Uint8Array(0) }] = seen;
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
          ? ['AT+MQTTUSERCFG', 'AT+MQTTCLIENTID', 'AT+MQTTUSERNAME', 'AT+MQTTPASSWORD', 'AT+MQTTCONNCFG', 'AT+MQTTCONN']
          : ['AT+MQTTUSERCFG', 'AT+MQTTLONGCLIENTID', 'AT+MQTTLONGUSERNAME', 'AT+MQTTPASSWORD', 'AT+MQTTCONNCFG', 'AT+MQTTCONN'],
      );
      expect(bench.trace.join('\n')).not.toContain('secret');
    });

    it.each<[string, Partial<MqttConfig>]>([
      ['clientId', { clientId: '' }], ['verify', { verify: 'server' }], ['path', { path: '/mqtt' }], ['clock', { clock: {} }], ['will', { will: { topic: 'a/#', message: '' } }],
      ['willTopic', { will: { topic: 't'.repeat(old ? 65 : 129), message: '' } }], ['host', { host: '' }], ['port', { port: 65_536 }], ['keepAlive', { keepAlive: 7201 }],
      ['path', { carrier: 'ws', path: 'p'.repeat(33) }], ...(old ? ([['clientId', { clientId: 'c'.repeat(257) }]] as const) : []),
    ])('a wrong %s is found before a byte is sent', (parameter, config) => {
      const bench = mqttBench({ firmware });
      const log = observed(mqtt(bench.at, { ...basics, ...config }));
      bench.run(1000);
      expect([(log.error as AtError).kind, (log.error as AtError).details['parameter']]).toEqual(['usage', parameter]);
      expect(bench.mqttLines()).toEqual([]);
      // The next one is not in its way.
      expect(connect(bench).log.values).toHaveLength(1);
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
      const { execute } = { execute: (line: string) => bench.at.line.alone };
      void execute;
      const first = connect(bench);
      // Another package beside this one: the same module, its own table of clients.
      jest.isolateModules(() => undefined);
      first.log.leave();
      bench.run(1000);
      expect(bench.broker.clients).toEqual([]);
    });
  });
});
void map; void Subject; void take; void told; void bytes;
